"""One imbalance of each kind, in SQL that no constraint refuses, and the words with which the check must name it.

Names in braces are those of ``lived_in``: ids of orders, lines (``sold_2``), goods; ``no_sold`` is an order's number.
"""

# ruff: noqa: S608 - statements of our own, with ids of our own

from __future__ import annotations

ENTRY = (
    "INSERT INTO journal (key, at, action, subject_type, subject_id, practice, data, context) "
    "VALUES ('seed', CURRENT_TIMESTAMP, "
)
LETTER = (
    "INSERT INTO outbox (key, kind, payload, state, created_at, due_at, try_after, attempts, words, order_id) VALUES "
    "('seed', 'letter', '{{}}', 'waiting', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, '', "
)
MOVE = "INSERT INTO stock_move (product_id, why, quantity, order_id, at) VALUES "
PAYMENT = "INSERT INTO payment (order_id, kind, amount, at, counters_id, reference) "
REFUND = "INSERT INTO refund (order_id, line_id, vat_rate, amount, how, reason, at) VALUES "

SEEDS = {
    "what may be promised": (
        """UPDATE stock SET "left" = "left" + 1 WHERE product_id = {honey}""",
        "stock: product {honey} (miele-acacia): 9",
    ),
    "a product without stock": ("DELETE FROM stock WHERE product_id = {honey}", "stock: product {honey} ("),
    "an offer for an order": (
        MOVE + "({honey}, 'offer', 0, {open}, CURRENT_TIMESTAMP)",
        "stock: product {honey} (miele-acacia): 1 of its moves",
    ),
    "a promise to nobody": (
        "UPDATE stock_move SET order_id = NULL WHERE order_id = {open}",
        "stock: product {chard} (bietole): 1 of its moves",
    ),
    "a price that nobody set": ("UPDATE product SET price = price + 1 WHERE id = {chard}", "prices: product {chard} ("),
    "a price without history": ("DELETE FROM price_change WHERE product_id = {chard}", "prices: product {chard} ("),
    "a place too few": ("UPDATE pickup SET taken = taken - 1 WHERE id = {market}", "pick-ups: pick-up {market} ("),
    "an order for a pick-up that is off": (
        "UPDATE pickup SET cancelled_at = closed_at WHERE id = {market}",
        "orders stand: 1001, 1002, 1003, 1005",
    ),
    "a crate before closing": (
        """UPDATE "order" SET crate = 7 WHERE id = {open}""",
        "order {no_open} has crate 7, and it is still open",
    ),
    "no crate after closing": (
        """UPDATE "order" SET crate = NULL WHERE id = {waiting}""",
        "order {no_waiting} has no crate, and it is closed",
    ),
    "a number that was given again": (
        """UPDATE "order" SET crate = 5 WHERE id = {late}""",
        "crate 5 was given to more than one order",
    ),
    "a crate that went away and nobody said so": (
        "DELETE FROM journal WHERE action = 'order.changed' AND subject_id = {late}",
        "its crates are 1, 2, 3, 4, 6, and numbers are left out",
    ),
    "a last number that is too low": (
        "UPDATE pickup SET crates_given = 5 WHERE id = {market}",
        "its crates 6 are above the last number given, 5",
    ),
    "a last number that nobody has": (
        "UPDATE pickup SET crates_given = 7 WHERE id = {market}",
        "its crates are 1, 2, 3, 4, 6, and numbers are left out",
    ),
    "numbers that are all left out": (
        """UPDATE "order" SET crate = NULL WHERE id = {moved}""",
        "it has no crates, and numbers are left out",
    ),
    "a home that nobody knows": (
        "UPDATE place SET kind = 'round' WHERE id = (SELECT place_id FROM pickup WHERE id = {market})",
        "order {no_sold} is brought home, and has no address",
    ),
    "a home that nobody needs": (
        """UPDATE "order" SET address = 'Via Roma 1' WHERE id = {open}""",
        "order {no_open} is fetched, and has an address",
    ),
    "a number before closing": (
        """UPDATE pickup SET crates_given = 1 WHERE id = (SELECT pickup_id FROM "order" WHERE id = {open})""",
        "1 crate numbers were given, and it is still open",
    ),
    "crates that changed places": (
        """UPDATE "order" SET crate = 59 WHERE id = {sold}; UPDATE "order" SET crate = 1 WHERE id = {swapped};
        UPDATE "order" SET crate = 2 WHERE id = {sold}""",
        "order {no_swapped} was placed after order {no_sold}, and its crate is before",
    ),
    "a closing that nobody did": (
        "DELETE FROM journal WHERE action = 'pickup.closed' AND subject_id = {market}",
        "closed_at and the journal's pickup.closed",
    ),
    "a pick-up that was opened again": (
        "UPDATE pickup SET closed_at = NULL WHERE id = {market}",
        "closed_at and the journal's pickup.closed",
    ),
    "a move that nobody did": (
        "UPDATE pickup SET moved_at = closed_at WHERE id = {market}",
        "moved_at and the journal's pickup.moved",
    ),
    "a pick-up that stands again": (
        "UPDATE pickup SET cancelled_at = NULL WHERE id = {frozen_pickup}",
        "cancelled_at and the journal's pickup.called_off",
    ),
    "a number too high": (
        """UPDATE "order" SET number = '9000' WHERE id = {open}""",
        "numbers: the order counter says that 1009 was the last number, the newest order has 9000",
    ),
    "a number that is lost": (
        """UPDATE "order" SET number = '9000' WHERE id = {open}""",
        "numbers: order numbers {no_open} to {no_open} were given and are of no order",
    ),
    "a counter that went back": (
        "UPDATE counter SET value = value - 1 WHERE name = 'order'",
        "numbers: the order counter",
    ),
    "a practice counter that went on": (
        "UPDATE counter SET value = value + 1 WHERE name = 'practice'",
        "numbers: the practice counter",
    ),
    "a practice number on a real order": (
        """UPDATE "order" SET number = 'P9' WHERE id = {open}""",
        "numbers: order P9: this is no number of the order counter",
    ),
    "a real number on a practice order": (
        """UPDATE "order" SET number = '2' WHERE id = {practice}""",
        "numbers: order 2: this is no number of the practice counter",
    ),
    "a balance": ("UPDATE credit SET balance = balance + 1", "credit: credit of email:ma…mple: the balance is"),
    "credit that was carried from nowhere": (
        "UPDATE credit SET balance = balance + 5, carried = carried + 5",
        "credit: credit that was carried from one holder to another adds up to 5",
    ),
    "an order that nobody has let forget": (
        'UPDATE "order" SET forgotten_at = ready_at WHERE id = {sold}',
        "deeds: order {no_sold}: it has forgotten_at and the journal has no deed for it",
    ),
    "an order that was forgotten and still knows": (
        'UPDATE "order" SET forgotten_at = ready_at WHERE id = {sold}',
        "orders: order {no_sold}: it was forgotten, and still has email, customer, handed_to",
    ),
    "an order that was forgotten before its end": (
        'UPDATE "order" SET forgotten_at = placed_at WHERE id = {open}',
        "orders: order {no_open}: it was forgotten, and nobody has ended it",
    ),
    "a coin that nobody put in": (
        "UPDATE drawer SET pieces = '{{\"1000\": 1}}'",
        "cash boxes: box {box}: it holds 1000, its moves add up to ",
    ),
    "money in the box that nobody paid": (
        "UPDATE payment SET amount = amount + 5 WHERE kind = 'cash' AND order_id = {sold}",
        "cash boxes: box {box}: payment ",
    ),
    "a coin that was given and was not there": (
        "UPDATE drawer SET pieces = '{{\"5\": -1}}'",
        "it holds less than nothing of a coin",
    ),
    "a count that nobody made": (
        "DELETE FROM journal WHERE action LIKE 'drawer.counted%' AND undoes_id IS NOT NULL",
        "it was counted or put back 3 times, and the journal does not say the same",
    ),
    "another count than the journal's": (
        "UPDATE drawer_move SET pieces = '{{\"1000\": 1}}' "
        "WHERE id = (SELECT max(id) FROM drawer_move WHERE why = 'counted')",
        "it was counted or put back 3 times, and the journal does not say the same",
    ),
    "a move that is no payment's": (
        "UPDATE credit_move SET amount = amount + 1 WHERE id = (SELECT min(id) FROM credit_move)",
        "credit: order {no_sold}: payment",
    ),
    "credit that never moved": (
        "DELETE FROM credit_move WHERE id = (SELECT max(id) FROM credit_move)",
        "credit: order {no_moved}: payment",
    ),
    "a move of another kind of money": (
        "UPDATE payment SET kind = 'card' WHERE order_id = {moved}",
        "credit: order {no_moved}: payment",
    ),
    "credit of somebody else": (
        "INSERT INTO credit (holder, balance) VALUES ('tel:+390381', 0); "
        "UPDATE credit_move SET holder = 'tel:+390381' WHERE abs(amount) = 111",
        ": its credit is of tel:+3…0381, and it is somebody else's order",
    ),
    "a voucher with more on it": (
        "UPDATE voucher SET balance = balance + 1 WHERE voided_at IS NULL",
        "vouchers: voucher {voucher}: the balance is ",
    ),
    "what went from a voucher and arrived nowhere": (
        "INSERT INTO voucher_move (voucher_id, order_id, amount, at) VALUES ({voucher}, {open}, -5, CURRENT_TIMESTAMP)",
        "vouchers: order id {open}: 5 too many or too few went from voucher {voucher}",
    ),
    "a hold that the order does not know of": (
        """UPDATE "order" SET held = 0 WHERE id = {open}""",
        "vouchers: order {no_open}: it says that it holds 0 of vouchers, and holds ",
    ),
    "a hold of an order whose price is known": (
        """UPDATE "order" SET ready_at = CURRENT_TIMESTAMP WHERE id = {open}""",
        "vouchers: order {no_open}: its price is known, and it still holds ",
    ),
    "sent without end": ("UPDATE outbox SET ended_at = NULL WHERE state = 'sent'", "it is sent, and its moments"),
    "sent and never claimed": (
        "UPDATE outbox SET claimed_at = NULL WHERE state = 'sent'",
        "it is sent, and its moments",
    ),
    "ended and waiting": (
        "UPDATE outbox SET ended_at = created_at WHERE state = 'waiting' AND order_id = {open}",
        "(order id {open}): it is waiting, and its moments",
    ),
    "dropped for no reason": ("UPDATE outbox SET words = '' WHERE state = 'dropped'", "outbox: outbox row "),
    "a letter that stays and nobody stopped it": (
        "UPDATE journal SET action = 'letter.tried_again' WHERE action = 'letter.stopped' AND id = "
        "(SELECT max(id) FROM journal WHERE action = 'letter.stopped')",
        "(order id {moved}): nobody's deed says why it stays",
    ),
    "a letter that left though somebody had stopped it": (
        "UPDATE outbox SET state = 'sent', claimed_at = ended_at, words = '' WHERE words = 'stopped'",
        "stopped letters: outbox row ",
    ),
    "an undo of another order": (
        "UPDATE journal SET subject_id = {open} WHERE action = 'line.weighed.undone'",
        "(line.weighed.undone): it does not take back entry",
    ),
    "an undo of another deed": (
        "UPDATE journal SET action = 'line.taken.undone' WHERE action = 'line.weighed.undone'",
        "undo: journal entry",
    ),
    "an undo of an undo": (
        """UPDATE journal SET undoes_id = (SELECT min(id) FROM journal WHERE undoes_id IS NOT NULL)
        WHERE id = (SELECT max(id) FROM journal WHERE undoes_id IS NOT NULL)""",
        "undo: journal entry",
    ),
    "a move for an order that is not there": (
        MOVE + "({honey}, 'order', 0, 999999, CURRENT_TIMESTAMP)",
        "references: order id 999999: the stock ledger speaks of it",
    ),
    "a letter for an order that is not there": (
        LETTER + "999999)",
        "references: order id 999999: the outbox speaks of it",
    ),
    "a deed on an order that is not there": (
        ENTRY + "'order.ready', 'order', 0, false, '{{}}', '{{}}')",
        "references: order id 0: the journal speaks of it",
    ),
    "a promise that was not taken": (
        MOVE + "({honey}, 'order', 1, {late}, CURRENT_TIMESTAMP), ({honey}, 'count', -1, NULL, CURRENT_TIMESTAMP)",
        "promises: order {no_late}: the stock ledger has 0 of product {honey} for it, its lines say -1",
    ),
    "something that was never ordered": (
        MOVE + "({spinach}, 'order', -1, {late}, CURRENT_TIMESTAMP), ({spinach}, 'count', 1, NULL, CURRENT_TIMESTAMP)",
        "promises: order {no_late}: the stock ledger has -1 of product {spinach} for it, its lines say 0",
    ),
    "a cancelled order that keeps its goods": (
        MOVE + "({honey}, 'order', -1, {cancelled}, CURRENT_TIMESTAMP), ({honey}, 'count', 1, NULL, CURRENT_TIMESTAMP)",
        "promises: order {no_cancelled}: the stock ledger has -1",
    ),
    "fresh goods of nobody on sale again": (
        "UPDATE order_line SET perishable = true WHERE id = {short_1}",
        "promises: order {no_short}: the stock ledger has -1 of product {honey} for it, its lines say -3",
    ),
    "an estimate": (
        "UPDATE order_line SET estimate = estimate - 1 WHERE id = {open_1}",
        "lines: order {no_open}: line 1: the estimate is 179, it should be 180",
    ),
    "a maximum": (
        "UPDATE order_line SET maximum = maximum + 1 WHERE id = {sold_2}",
        "lines: order {no_sold}: line 2: the maximum is 480, it should be 479",
    ),
    "a maximum above a fixed price": (
        "UPDATE order_line SET maximum = 198, tolerance_percent = 10 WHERE id = {open_1}",
        "lines: order {no_open}: line 1: the maximum is 198, it should be 180",
    ),
    "a substitute that may cost more": (
        "UPDATE order_line SET maximum = 450 WHERE id = {swapped_2}",
        "lines: order {no_swapped}: line 2: the maximum is 450, it should be 360",
    ),
    "a price below nothing": (
        "UPDATE order_line SET price = -290 WHERE id = {waiting_2}",
        "lines: order {no_waiting}: quotes cannot be computed (ValueError",
    ),
    "a substitute in another order": (
        "UPDATE order_line SET substitutes_id = {open_1} WHERE id = {swapped_2}",
        "lines: order {no_swapped}: line 2: it replaces line id {open_1}, which is not of this order",
    ),
    "both in the crate": (
        "UPDATE order_line SET state = 'taken', lot = 'x' WHERE id = {swapped_1}",
        "lines: order {no_swapped}: line 2: it replaces line 1, which is not missing",
    ),
    "a substitute that nobody wanted": (
        "UPDATE order_line SET may_substitute = false WHERE id = {swapped_1}",
        "lines: order {no_swapped}: line 2: it replaces line 1, which may not be replaced",
    ),
    "a substitute of a substitute": (
        "UPDATE order_line SET substitutes_id = {open_1} WHERE id = {swapped_1}",
        "lines: order {no_swapped}: line 2: it replaces line 1, which is itself in place of another",
    ),
    "no weight": (
        "UPDATE order_line SET weighed_grams = NULL WHERE id = {sold_2}",
        "lines: order {no_sold}: line 2: it is taken and has no weight",
    ),
    "a weight on a jar": (
        "UPDATE order_line SET weighed_grams = 500 WHERE id = {sold_1}",
        "lines: order {no_sold}: line 1: it is taken, fixed, and has a weight",
    ),
    "a weight of what waits": (
        "UPDATE order_line SET weighed_grams = 500 WHERE id = {waiting_2}",
        "lines: order {no_waiting}: line 2: it is waiting, by_weight, and has a weight",
    ),
    "a tare of nothing": (
        "UPDATE order_line SET tare_grams = 50 WHERE id = {sold_1}",
        "lines: order {no_sold}: line 1: it has a tare that nothing was weighed with",
    ),
    "no lot": ("UPDATE order_line SET lot = NULL WHERE id = {sold_1}", "line 1: it is taken and has no lot"),
    "a lot of what is missing": (
        "UPDATE order_line SET lot = 'x' WHERE id = {short_2}",
        "lines: order {no_short}: line 2: it is missing and has a lot",
    ),
    "short of nothing": (
        "UPDATE order_line SET packed = 3 WHERE id = {short_3}",
        "lines: order {no_short}: line 3: it is short, of 3 pieces 3 are in the crate",
    ),
    "pieces of a whole line": (
        "UPDATE order_line SET packed = 1 WHERE id = {sold_1}",
        "lines: order {no_sold}: line 1: it is taken, fixed, and has pieces of its own",
    ),
    "an order of nothing": ("DELETE FROM order_line WHERE id = {open_1}", "orders: order {no_open}: it has no lines"),
    "more than was agreed": (
        "UPDATE order_line SET state = 'taken' WHERE id = {swapped_1}",
        "orders: order {no_swapped}: the total is 970, the maximum is 610",
    ),
    "money of a cancelled order": (
        PAYMENT + "VALUES ({cancelled}, 'cash', 500, CURRENT_TIMESTAMP, NULL, '')",
        "orders: order {no_cancelled}: it was cancelled or not collected, and 500 of its money is here",
    ),
    "gone and not paid": (
        """UPDATE payment SET amount = amount - 100
        WHERE id = (SELECT max(id) FROM payment WHERE order_id = {sold} AND kind = 'cash' AND amount > 1000)""",
        "orders: order {no_sold}: it was handed over, and 100 is due",
    ),
    "ready too early": (
        "UPDATE order_line SET state = 'waiting' WHERE id = {moved_1}",
        "orders: order {no_moved}: it is ready, and lines wait: 1",
    ),
    "a label too early": (
        """UPDATE "order" SET ready_at = NULL WHERE id = {moved}""",
        "orders: order {no_moved}: it has its label and is not ready",
    ),
    "gone before it was ready": (
        """UPDATE "order" SET ready_at = NULL WHERE id = {sold}""",
        "orders: order {no_sold}: it was handed over and is not ready",
    ),
    "gone to nobody": (
        """UPDATE "order" SET handed_to = NULL WHERE id = {sold}""",
        "orders: order {no_sold}: when it was handed over and to whom",
    ),
    "an order that ended twice": (
        """UPDATE "order" SET not_collected_at = handed_over_at WHERE id = {sold}""",
        "orders: order {no_sold}: it has ended more than once: handed_over_at, not_collected_at",
    ),
    "a fee at no rate": (
        "DELETE FROM order_line WHERE id = {open_1}",
        "vat: order {no_open}: the VAT table adds up to 0, the total is 300",
    ),
    "a large rounding": (
        "UPDATE payment SET amount = 7 WHERE order_id = {sold} AND kind = 'rounding' AND amount > 0",
        ": a rounding of 7",
    ),
    "a rounding beside a card": (
        """UPDATE payment SET kind = 'card' WHERE order_id = {sold} AND counters_id IS NOT NULL
        AND kind = 'cash' AND amount < 0""",
        "was not paid in cash",
    ),
    "a receipt that nobody wrote": (
        "UPDATE payment SET reference = '0099-0001' WHERE order_id = {practice} AND kind = 'cash'",
        "its document is not the one that the deeds that stand say",
    ),
    "a receipt that somebody took away": (
        "UPDATE payment SET reference = '' WHERE order_id = {sold} AND reference <> ''",
        "its document is not the one that the deeds that stand say",
    ),
    "a receipt of nothing": (
        """UPDATE journal SET data = '{{"payment": 999999, "before": "", "after": "x"}}'
        WHERE action = 'order.receipt_noted'""",
        "numbers of documents were written for payments 999999, which are not there",
    ),
    "taken back in another order": (
        """UPDATE payment SET order_id = {open} WHERE order_id = {sold} AND counters_id IS NOT NULL
        AND kind = 'cash' AND amount < 0""",
        "payments: order {no_open}: payment",
    ),
    "taken back in part": (
        "UPDATE payment SET amount = amount + 5 WHERE order_id = {sold} AND counters_id IS NOT NULL AND kind = 'cash'",
        "takes back cash",
    ),
    "taken back twice": (
        PAYMENT
        + """SELECT order_id, kind, -amount, at, id, '' FROM payment
        WHERE order_id = {sold} AND counters_id IS NOT NULL AND kind = 'cash' AND amount < 0""",
        "which is no earlier entry of it",
    ),
    "a payment that is gone": (
        "DELETE FROM payment WHERE id = (SELECT max(id) FROM payment WHERE order_id = {practice})",
        "(order.cash_taken): not all of its payments are there",
    ),
    "taken back without an undo": (
        PAYMENT
        + """SELECT order_id, kind, -amount, at, id, '' FROM payment
        WHERE order_id = {practice} AND kind = 'cash'""",
        "(order.cash_taken): it and its payments are not taken back together",
    ),
    "another sum paid out": (
        """UPDATE payment SET amount = amount - 5
        WHERE order_id = {sold} AND kind = 'cash' AND amount BETWEEN -210 AND -200""",
        ": 203 was given back, 208 was paid out",
    ),
    "a refund at another rate": (
        "UPDATE refund SET vat_rate = 22 WHERE line_id = {sold_2}",
        "refunds: order {no_sold}: refund",
    ),
    "a refund below nothing": (
        REFUND + "({sold}, {sold_2}, 4, -3, 'cash', 'x', CURRENT_TIMESTAMP)",
        ": -3, and it takes",
    ),
    "a refund taken back in part": (
        "UPDATE refund SET amount = amount + 1 WHERE counters_id IS NOT NULL",
        "as it was",
    ),
    "more back than was paid": (
        REFUND + "({sold}, {sold_1}, 10, 9999, 'cash', 'x', CURRENT_TIMESTAMP)",
        "refunds: order {no_sold}: at 10 % 10",
    ),
    "more back than a line had cost": (
        REFUND + "({sold}, {sold_2}, 4, 400, 'cash', 'x', CURRENT_TIMESTAMP)",
        "refunds: order {no_sold}: of line id {sold_2} 603 was given back of 423",
    ),
    "more back than the fee": (
        REFUND + "({sold}, NULL, 4, 230, 'cash', 'x', CURRENT_TIMESTAMP)",
        "refunds: order {no_sold}: of line id none (the fee) 270 was given back of 250",
    ),
    "money that nobody took": (
        PAYMENT + "VALUES ({open}, 'cash', 500, CURRENT_TIMESTAMP, NULL, '')",
        "payments: order {no_open}: payments that no deed has made: ",
    ),
    "a refund that nobody gave": (
        REFUND + "({sold}, {sold_2}, 4, 1, 'cash', 'x', CURRENT_TIMESTAMP)",
        "payments: order {no_sold}: refunds that no deed has made: ",
    ),
    "a refund that stays after its undo": (
        "DELETE FROM refund WHERE counters_id IS NOT NULL",
        "(order.refunded): it and its refunds are not taken back together",
    ),
    "a refund before hand-over": (
        REFUND + "({moved}, {moved_1}, 4, 1, 'cash', 'x', CURRENT_TIMESTAMP)",
        "refunds: order {no_moved}: 1 was given back, and it was never handed over",
    ),
    "an order that nobody answered": (
        "DELETE FROM outbox WHERE order_id = {open}",
        "letters: order {no_open}: nobody has written that it was received",
    ),
    "a cancelling that nobody answered": (
        "DELETE FROM outbox WHERE key = 'letter:cancelled:{cancelled}'",
        "letters: order {no_cancelled}: nobody has written that it was cancelled",
    ),
    "a first change that nobody answered": (
        "DELETE FROM outbox WHERE key = 'letter:changed:{waiting}:1'",
        "letters: order {no_waiting}: nobody has written of its change 1",
    ),
    "a last change that nobody answered": (
        "DELETE FROM outbox WHERE key = 'letter:changed:{waiting}:2'",
        "letters: order {no_waiting}: nobody has written of its change 2",
    ),
    "a letter that goes twice": (
        "UPDATE outbox SET state = 'waiting', ended_at = NULL WHERE key LIKE 'letter:ready:{sold}#%'",
        "letters: order {no_sold}: 2 letters of the same key letter:ready:{sold}",
    ),
    "placed twice": (
        ENTRY + "'order.placed', 'order', {open}, false, '{{}}', '{{}}')",
        "deeds: order {no_open}: it was placed 2 times",
    ),
    "never placed": (
        "DELETE FROM journal WHERE action = 'order.placed' AND subject_id = {open}",
        "deeds: order {no_open}: it was placed 0 times",
    ),
    "a weight that the journal does not know": (
        "UPDATE order_line SET weighed_grams = 2400 WHERE id = {short_3}",
        "deeds: order {no_short}: line 3: 2400 grams, the journal says 2450",
    ),
    "a line that nobody packed": (
        "DELETE FROM journal WHERE action = 'line.missing' AND subject_id = {short}",
        "deeds: order {no_short}: line 2: it is missing, the deeds that stand say nothing",
    ),
    "a line that waits again": (
        "UPDATE order_line SET state = 'waiting', lot = NULL WHERE id = {sold_1}",
        "deeds: order {no_sold}: line 1: it is waiting, the deeds that stand say taken",
    ),
    "a letter of practice": (LETTER + "{practice})", "practice: order P1: it is for practice, and something"),
    "practice goods in a real crate": (
        "UPDATE product SET practice = true WHERE id = {spinach}",
        "practice: order {no_swapped}: line 2: practice and real goods are mixed",
    ),
    "practice that counts as real": (
        "UPDATE journal SET practice = false WHERE subject_type = 'order' AND subject_id = {practice}",
        "are marked as real",
    ),
    "credit for practice": (
        "UPDATE payment SET kind = 'credit' WHERE order_id = {practice}",
        "practice: order P1: it is for practice, and credit was moved",
    ),
    **{
        f"{column} without a deed": (
            f"DELETE FROM journal WHERE action = '{action}' AND subject_id = {{{name}}} AND undoes_id IS NULL "
            "AND id NOT IN (SELECT undoes_id FROM journal WHERE undoes_id IS NOT NULL)",
            f"deeds: order {{no_{name}}}: it has {column} and the journal has no deed for it",
        )
        for column, action, name in (
            ("ready_at", "order.ready", "sold"),
            ("labelled_at", "order.labelled", "sold"),
            ("handed_over_at", "order.handed_over", "sold"),
            ("not_collected_at", "order.not_collected", "short"),
            ("cancelled_at", "order.cancelled", "cancelled"),
        )
    },
    **{
        f"a deed for {column} without its date": (
            f"""UPDATE "order" SET {column} = NULL WHERE id = {{{name}}}""",
            f"deeds: order {{no_{name}}}: the journal has a deed for {column}, the order has no date",
        )
        for column, name in (
            ("ready_at", "sold"),
            ("labelled_at", "sold"),
            ("handed_over_at", "sold"),
            ("not_collected_at", "short"),
            ("cancelled_at", "frozen"),
        )
    },
    "a calling off that says nothing": (
        "UPDATE journal SET data = '{{}}' WHERE action = 'pickup.called_off'",
        "pick-ups: pick-up {frozen_pickup} (",
    ),
    "orders that nobody says were called off": (
        "UPDATE journal SET data = '{{}}' WHERE action = 'pickup.called_off'",
        "the journal's pickup.called_off does not say which orders it was about",
    ),
    "a move that says nothing": (
        "UPDATE journal SET data = '[]' WHERE action = 'pickup.moved'",
        "the journal's pickup.moved does not say when and where it is now",
    ),
    "a closing that says nothing": (
        "UPDATE journal SET data = '{{}}' WHERE action = 'pickup.closed' AND subject_id = {market}",
        "the journal's pickup.closed does not say how many crates there were",
    ),
    "cash that says nothing": (
        "UPDATE journal SET data = '{{}}' WHERE action = 'order.cash_taken' AND subject_id = {practice}",
        "payments: order P1: deed_sums cannot be computed (KeyError",
    ),
    "a deed without words": (
        "UPDATE journal SET data = '[]' WHERE action = 'line.taken' AND subject_id = {sold}",
        "deeds: order {no_sold}: packed_by cannot be computed (AttributeError",
    ),
    "an offer of words": (
        """UPDATE journal SET data = '{{"quantity": "ten"}}' WHERE action = 'stock.offered'""",
        "stock: it cannot be computed (TypeError",
    ),
    "more cash than the deed says": (
        "UPDATE payment SET amount = amount + 5 WHERE order_id = {practice} AND kind = 'cash'",
        "(order.cash_taken): it says 850, its payments by cash are 855",
    ),
    "cash by card": (
        "UPDATE journal SET action = 'order.card_taken' WHERE action = 'order.cash_taken' AND subject_id = {practice}",
        "(order.card_taken): it names payments by cash, and it is about card_terminal",
    ),
    "cash that was only rounded": (
        "UPDATE payment SET kind = 'rounding' WHERE order_id = {practice} AND kind = 'cash'",
        "(order.cash_taken): a rounding of 850 in all",
    ),
    "coins that there are not": (
        "UPDATE payment SET amount = amount + 1 WHERE order_id = {practice} AND kind = 'cash'",
        ": 851 in cash, which no coins make",
    ),
    "given back in another way": (
        "UPDATE refund SET how = 'card_terminal' WHERE order_id = {sold} AND amount = 203",
        "(order.refunded): it names payments by cash, rounding, and it is about card_terminal",
    ),
    "given back by card and paid in cash": (
        "UPDATE refund SET how = 'card_terminal' WHERE order_id = {sold} AND amount = 203; "
        "UPDATE payment SET kind = 'card_terminal' WHERE id IN (SELECT max(id) FROM payment "
        "WHERE order_id = {sold} AND kind = 'cash' AND amount = -205 UNION SELECT max(id) + 1 FROM payment "
        "WHERE order_id = {sold} AND kind = 'cash' AND amount = -205)",
        "payments: order {no_sold}: 203 more was given back by card_terminal than had come in so",
    ),
    "more cash back than came in": (
        PAYMENT + "VALUES ({sold}, 'cash', -5000, CURRENT_TIMESTAMP, NULL, '')",
        "more was given back by cash than had come in so",
    ),
    "given back in two ways": (
        "UPDATE refund SET how = 'card_terminal' WHERE order_id = {sold} AND amount = 300",
        "(order.refunded): it gives back in more than one way: card_terminal, credit",
    ),
    "another sum given back": (
        "UPDATE refund SET amount = 202 WHERE order_id = {sold} AND amount = 203",
        "(order.refunded): it says 203, its refunds are 202",
    ),
    "credit that nobody gave": (
        PAYMENT + "VALUES ({open}, 'credit', -100, CURRENT_TIMESTAMP, NULL, '')",
        "payments: order {no_open}: 100 of credit was given, and no refund names it",
    ),
    "credit that nobody used": (
        """UPDATE journal SET data = '{{"credit": []}}' WHERE action = 'order.ready' AND subject_id = {moved}""",
        "of credit was used, and no deed says so",
    ),
    "credit that is not there": (
        """UPDATE journal SET data = '{{"credit": [999999]}}' WHERE action = 'order.ready' AND subject_id = {moved}""",
        "payments: order {no_moved}: payments 999999 of credit made it ready and are not there",
    ),
    "credit that did not come back": (
        """UPDATE journal SET data = '{{"credit": 70}}'
        WHERE action = 'order.not_collected.undone' AND subject_id = {short}""",
        "(order.not_collected.undone): the 70 of credit that it uses again were not used",
    ),
    "credit of a pick-up that did not come back": (
        """UPDATE journal SET data = '{{"orders": [{frozen}], "credits": {{"{frozen}": 70}}}}'
        WHERE action = 'pickup.called_off.undone'""",
        "(pickup.called_off.undone): the 70 of credit that it uses again were not used",
    ),
    "money of another day": (
        """UPDATE payment SET at = (SELECT placed_at FROM "order" WHERE id = {sold})
        WHERE order_id = {sold} AND kind = 'cash'""",
        "(order.cash_taken): its payments are of another moment",
    ),
    "a refund of another day": (
        """UPDATE refund SET at = (SELECT placed_at FROM "order" WHERE id = {sold}) WHERE order_id = {sold}""",
        "(order.refunded): its refunds are of another moment",
    ),
    "credit of another day": (
        """UPDATE payment SET at = (SELECT closed_at FROM pickup WHERE id = {market})
        WHERE order_id = {moved} AND kind = 'credit'""",
        "(order.ready): its credit is of another moment",
    ),
    "a crate that is left out": (
        """UPDATE "order" SET crate = 59 WHERE id = {late}""",
        "its crates are 1, 2, 3, 4, 59, and numbers are left out",
    ),
    "another pick-up than it was placed for": (
        """UPDATE "order" SET pickup_id = {frozen_pickup} WHERE id = {open}""",
        "deeds: order {no_open}: pickup is {frozen_pickup}, the newest deed that says so has ",
    ),
    "another pick-up than it was brought to": (
        """UPDATE "order" SET pickup_id = {frozen_pickup} WHERE id = {late}""",
        "deeds: order {no_late}: pickup is {frozen_pickup}, the newest deed that says so has {market}",
    ),
    "another crate than it got there": (
        """UPDATE "order" SET crate = 59 WHERE id = {late}""",
        "deeds: order {no_late}: crate is 59, the newest deed that says so has 6",
    ),
    "another fee than was agreed": (
        """UPDATE "order" SET fee = 350 WHERE id = {open}""",
        "deeds: order {no_open}: fee is 350, agreed was 300",
    ),
    "another discount than was agreed": (
        """UPDATE "order" SET discount_percent = 50 WHERE id = {open}""",
        "deeds: order {no_open}: estimate is 390, agreed was 480",
    ),
    "another rate than was agreed": (
        "UPDATE order_line SET vat_rate = 22 WHERE id = {open_1}",
        "deeds: order {no_open}: by_rate is {{'22': 180}}, agreed was {{'4': 180}}",
    ),
    "goods that went after a change": (
        "UPDATE order_line SET quantity = 800, estimate = 232, maximum = 255 WHERE id = {waiting_2}",
        "deeds: order {no_waiting}: estimate is ",
    ),
    "goods that nobody offered": (
        MOVE + "({honey}, 'offer', 5, NULL, CURRENT_TIMESTAMP), ({honey}, 'count', -5, NULL, CURRENT_TIMESTAMP)",
        "stock: product {honey} (miele-acacia): its ledger has moves of offer of ",
    ),
    "goods that nobody counted": (
        MOVE + "({honey}, 'offer', 5, NULL, CURRENT_TIMESTAMP), ({honey}, 'count', -5, NULL, CURRENT_TIMESTAMP)",
        "stock: product {honey} (miele-acacia): its ledger has moves of count of -5 in all, the deeds that stand say 0",
    ),
    "vegetables that nobody said were gone": (
        'UPDATE journal SET data = \'{{"orders": [{frozen}], "credits": {{}}, "lost": {{}}}}\' '
        "WHERE action = 'pickup.called_off' AND subject_id = {frozen_pickup}",
        "stock: product {chard} (bietole): its ledger has moves of count of -2 in all, the deeds that stand say 0",
    ),
    "vegetables that are gone and were promised again": (
        MOVE + "({chard}, 'count', 2, NULL, CURRENT_TIMESTAMP); "
        """UPDATE stock SET "left" = "left" + 2 WHERE product_id = {chard}""",
        "stock: product {chard} (bietole): its ledger has moves of count of 0 in all, the deeds that stand say -2",
    ),
    "a field that nobody emptied": (
        "DELETE FROM journal WHERE action = 'harvest.arrived' AND subject_id = {market} "
        "AND id NOT IN (SELECT undoes_id FROM journal WHERE undoes_id IS NOT NULL)",
        "stock: product {pumpkins} (zucche): its ledger has moves of count of ",
    ),
    "a harvest that nobody brought": (
        "DELETE FROM journal WHERE action = 'harvest.arrived' AND subject_id = {market} "
        "AND id NOT IN (SELECT undoes_id FROM journal WHERE undoes_id IS NOT NULL)",
        "of product {carrots} 4000 has arrived, the deeds that stand say nothing",
    ),
    "a harvest that is gone": (
        "DELETE FROM arrival WHERE product_id = {carrots}",
        "of product {carrots} nothing has arrived, the deeds that stand say 4000",
    ),
    "another harvest": (
        "UPDATE arrival SET arrived = 4500 WHERE product_id = {carrots}",
        "of product {carrots} 4500 has arrived, the deeds that stand say 4000",
    ),
    "more crates than were packed": (
        """UPDATE "order" SET crates = 2 WHERE id = {sold}""",
        "deeds: order {no_sold}: it fills 2 crates, the deeds that stand say 1",
    ),
    "another number of crates": (
        """UPDATE "order" SET crates = 2 WHERE id = {swapped}""",
        "deeds: order {no_swapped}: it fills 2 crates, the deeds that stand say 3",
    ),
    "another hour": ("UPDATE pickup SET from_at = cutoff_at WHERE id = {moving}", ", it was moved to "),
    "another end": (
        "UPDATE pickup SET to_at = (SELECT max(to_at) FROM pickup) WHERE id = {moving}",
        "): to_at is ",
    ),
    "another place": (
        "UPDATE pickup SET place_id = (SELECT place_id FROM pickup WHERE id = {market}) WHERE id = {moving}",
        "): it is at place ",
    ),
    **{
        f"no letter after {action}": (
            f"UPDATE outbox SET deed = 'seed' WHERE order_id = {{{name}}} AND deed IS NOT NULL",
            f"({action}): nobody has written of it",
        )
        for action, name in (
            ("order.ready", "sold"),
            ("order.refunded", "sold"),
            ("order.not_collected", "short"),
            ("pickup.called_off", "frozen"),
            ("pickup.moved", "moved"),
        )
    },
    **{
        f"another moment for {column} of {name}": (
            f"""UPDATE "order" SET {column} = (SELECT closed_at FROM pickup WHERE id = {{market}})
            WHERE id = {{{name}}}""",
            f"deeds: order {{no_{name}}}: {column} is ",
        )
        for column, name in (
            ("ready_at", "sold"),
            ("labelled_at", "sold"),
            ("handed_over_at", "sold"),
            ("not_collected_at", "short"),
            ("cancelled_at", "cancelled"),
            ("cancelled_at", "frozen"),
        )
    },
}

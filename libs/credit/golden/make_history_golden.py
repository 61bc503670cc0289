"""Writes the reference of the history queries: six small raw tables (history/*.csv) and history.golden.json, what they say.

Run with numpy and pandas installed:  python libs/credit/golden/make_history_golden.py
The tables are made up, with a seed, and hold every quirk that the tables' checks name. The fields are computed by pandas, grouping
column by column, from the definitions in the catalogue and not from the SQL.

With a folder of real tables (NAME.csv.gz) and a file, the same fields of those tables are written to the file as CSV instead:
    python libs/credit/golden/make_history_golden.py ../shared/data/home-credit /tmp/history.csv
"""

import json
import platform
import sys
from pathlib import Path

import numpy as np
import pandas as pd

NEVER = 365243
YEAR = 365.25
TABLES = ["bureau", "bureau_balance", "previous_application", "POS_CASH_balance", "installments_payments", "credit_card_balance"]


def days(months):
    """Whole days of a window, halves up."""
    return {3: 91, 6: 183, 12: 365, 24: 731}[months]


class Rows:
    """Rows of clients, asked for one number a client."""

    def __init__(self, frame, key="SK_ID_CURR"):
        self.frame, self.key = frame, frame[key]
        self.clients = pd.Index(sorted(frame[key].unique()), name="client")

    def __getitem__(self, column):
        return self.frame[column]

    def every(self):
        return pd.Series(True, index=self.frame.index)

    def count(self, mask=None):
        mask = self.every() if mask is None else mask
        return mask.fillna(False).astype(bool).groupby(self.key).sum().reindex(self.clients).astype(float)

    def add(self, values, mask=None):
        mask = self.every() if mask is None else mask
        return values.astype(float).where(mask.fillna(False).astype(bool)).groupby(self.key).sum(min_count=1).reindex(self.clients)

    def most(self, values, mask=None):
        mask = self.every() if mask is None else mask
        return values.astype(float).where(mask.fillna(False).astype(bool)).groupby(self.key).max().reindex(self.clients)

    def least(self, values):
        return values.astype(float).groupby(self.key).min().reindex(self.clients)

    def total(self, values, mask):
        """Nothing to add is zero; something of which nothing is known is unknown."""
        return self.add(values, mask).where(self.count(mask) > 0, 0.0)

    def share(self, mask, among):
        return quotient(self.count(mask & among), self.count(among))

    def mean(self, values, mask):
        return values.astype(float).where(mask.fillna(False).astype(bool)).groupby(self.key).mean().reindex(self.clients)


def quotient(a, b):
    return a / b.where(b != 0)


# What may not stand: told apart here as in the tables' checks, and counted under the same names.


def clean(tables):
    tables = {name: frame.copy() for name, frame in tables.items()}
    counts = {}

    def blank(table, column, reason, mask):
        counts[f"{table} {column} {reason}"] = int(mask.sum())
        return mask

    def apply(table, blanks, drops):
        frame = tables[table]
        for column, reason, mask in drops:
            counts[f"{table} {column} {reason}"] = int(mask.sum())
        emptied = frame.copy()
        for column, reason, mask in blanks:
            blank(table, column, reason, mask)
            emptied[column] = emptied[column].mask(mask)
        gone = pd.Series(False, index=frame.index)
        for _, _, mask in drops:
            gone |= mask
        tables[table] = emptied[~gone].reset_index(drop=True)

    outside = "the amount is below zero or impossibly large"
    past = "the date is missing or after the application"
    word = "a word that the source’s list does not have"
    future = "the date is after the application"
    century = "the date is more than a century ago"
    below = "the number is below zero"

    def impossible(frame, column):
        return column, outside, (frame[column] < 0) | (frame[column] > 1e11)

    def negative(frame, column):
        return column, below, frame[column] < 0

    def no_past(frame, column):
        return column, past, frame[column].isna() | (frame[column] > 0)

    def odd_word(frame, column, words):
        return column, word, frame[column].notna() & ~frame[column].isin(words)

    b = tables["bureau"]
    amounts = ["AMT_CREDIT_MAX_OVERDUE", "AMT_CREDIT_SUM", "AMT_CREDIT_SUM_DEBT", "AMT_CREDIT_SUM_LIMIT", "AMT_CREDIT_SUM_OVERDUE", "AMT_ANNUITY"]
    foreign = b["CREDIT_CURRENCY"].notna() & (b["CREDIT_CURRENCY"] != "currency 1")
    apply(
        "bureau",
        [(c, "the amount is in another currency than the application", foreign & b[c].notna()) for c in amounts]
        + [impossible(b, c) for c in amounts if c != "AMT_CREDIT_SUM_DEBT"]
        + [
            ("AMT_CREDIT_SUM_DEBT", "the amount is impossibly large", b["AMT_CREDIT_SUM_DEBT"].abs() > 1e11),
            odd_word(b, "CREDIT_ACTIVE", ["Active", "Closed", "Sold", "Bad debt"]),
            odd_word(b, "CREDIT_TYPE", CREDIT_TYPES),
            negative(b, "CREDIT_DAY_OVERDUE"),
            negative(b, "CNT_CREDIT_PROLONG"),
            ("DAYS_CREDIT_ENDDATE", "the end is more than forty years ahead: no end is foreseen", b["DAYS_CREDIT_ENDDATE"] > 14610),
            ("DAYS_CREDIT_ENDDATE", "the end lies before the credit began", b["DAYS_CREDIT_ENDDATE"] < b["DAYS_CREDIT"]),
            ("DAYS_ENDDATE_FACT", "the end lies before the credit began", b["DAYS_ENDDATE_FACT"] < b["DAYS_CREDIT"]),
        ]
        + [(c, future, (b[c] > 0) & (b[c] != NEVER)) for c in ("DAYS_ENDDATE_FACT", "DAYS_CREDIT_UPDATE")]
        + [(c, century, b[c] < -36525) for c in ("DAYS_ENDDATE_FACT", "DAYS_CREDIT_UPDATE")],
        [no_past(b, "DAYS_CREDIT")],
    )

    m = tables["bureau_balance"]
    apply("bureau_balance", [odd_word(m, "STATUS", list("012345CX"))], [no_past(m, "MONTHS_BALANCE")])

    p = tables["previous_application"]
    apply(
        "previous_application",
        [impossible(p, c) for c in ("AMT_ANNUITY", "AMT_APPLICATION", "AMT_CREDIT", "AMT_DOWN_PAYMENT", "AMT_GOODS_PRICE")]
        + [
            odd_word(p, "NAME_CONTRACT_STATUS", ["Approved", "Canceled", "Refused", "Unused offer"]),
            odd_word(p, "CODE_REJECT_REASON", ["XAP", "XNA", "HC", "LIMIT", "SCO", "SCOFR", "CLIENT", "VERIF", "SYSTEM"]),
            (
                "NAME_CONTRACT_TYPE",
                "the type of loan is not known (XNA)",
                p["NAME_CONTRACT_TYPE"].notna() & ~p["NAME_CONTRACT_TYPE"].isin(["Cash loans", "Consumer loans", "Revolving loans"]),
            ),
            (
                "NAME_YIELD_GROUP",
                "the class of interest is not known (XNA)",
                p["NAME_YIELD_GROUP"].notna() & ~p["NAME_YIELD_GROUP"].isin(["high", "middle", "low_normal", "low_action"]),
            ),
            negative(p, "CNT_PAYMENT"),
        ]
        + [
            (c, "the source writes 365243 for “never”", p[c] == NEVER)
            for c in ("DAYS_LAST_DUE", "DAYS_TERMINATION", "DAYS_LAST_DUE_1ST_VERSION")
        ]
        + [(c, future, (p[c] > 0) & (p[c] != NEVER)) for c in ("DAYS_LAST_DUE", "DAYS_TERMINATION")]
        + [(c, century, p[c] < -36525) for c in ("DAYS_LAST_DUE", "DAYS_TERMINATION")],
        [
            no_past(p, "DAYS_DECISION"),
            (
                "FLAG_LAST_APPL_PER_CONTRACT",
                "the same contract was applied for again by mistake: its last application counts",
                p["FLAG_LAST_APPL_PER_CONTRACT"] == "N",
            ),
            (
                "NFLAG_LAST_APPL_IN_DAY",
                "the client applied again on the same day: the last application counts",
                p["NFLAG_LAST_APPL_IN_DAY"] == 0,
            ),
        ],
    )

    s = tables["POS_CASH_balance"]
    apply(
        "POS_CASH_balance",
        [negative(s, c) for c in ("CNT_INSTALMENT", "CNT_INSTALMENT_FUTURE", "SK_DPD", "SK_DPD_DEF")]
        + [
            ("CNT_INSTALMENT_FUTURE", "more instalments are left than the loan has", s["CNT_INSTALMENT_FUTURE"] > s["CNT_INSTALMENT"]),
            odd_word(s, "NAME_CONTRACT_STATUS", POS_STATUSES),
        ],
        [no_past(s, "MONTHS_BALANCE")],
    )

    i = tables["installments_payments"]
    later = i["DAYS_ENTRY_PAYMENT"] > 0
    apply(
        "installments_payments",
        [negative(i, "NUM_INSTALMENT_VERSION"), negative(i, "NUM_INSTALMENT_NUMBER"), impossible(i, "AMT_INSTALMENT"), impossible(i, "AMT_PAYMENT")]
        + [
            ("DAYS_ENTRY_PAYMENT", "the payment came after the application", later),
            ("AMT_PAYMENT", "the payment came after the application", later & i["AMT_PAYMENT"].notna()),
        ],
        [no_past(i, "DAYS_INSTALMENT")],
    )

    c = tables["credit_card_balance"]
    card_amounts = ["AMT_CREDIT_LIMIT_ACTUAL", "AMT_DRAWINGS_ATM_CURRENT", "AMT_DRAWINGS_CURRENT", "AMT_INST_MIN_REGULARITY", "AMT_PAYMENT_TOTAL_CURRENT"]
    apply(
        "credit_card_balance",
        [impossible(c, column) for column in card_amounts]
        + [negative(c, column) for column in ("CNT_DRAWINGS_ATM_CURRENT", "CNT_DRAWINGS_CURRENT", "SK_DPD", "SK_DPD_DEF")]
        + [
            ("AMT_BALANCE", "the amount is impossibly large", c["AMT_BALANCE"].abs() > 1e11),
            odd_word(c, "NAME_CONTRACT_STATUS", CARD_STATUSES),
        ],
        [no_past(c, "MONTHS_BALANCE")],
    )
    return tables, counts


def bureau(frame):
    r = Rows(frame)
    active, closed = r["CREDIT_ACTIVE"] == "Active", r["CREDIT_ACTIVE"] == "Closed"
    card = r["CREDIT_TYPE"] == "Credit card"
    granted, debt = r["AMT_CREDIT_SUM"], r["AMT_CREDIT_SUM_DEBT"].clip(lower=0)
    both = debt.notna() & (granted > 0)
    opened = r["DAYS_CREDIT"]
    ahead = r["DAYS_CREDIT_ENDDATE"]
    worst = r["AMT_CREDIT_MAX_OVERDUE"]
    out = {
        "bureauCreditsCount": r.count(),
        "bureauActiveCreditsCount": r.count(active),
        "bureauClosedCreditsCount": r.count(closed),
        "bureauActiveShare": r.share(active, r["CREDIT_ACTIVE"].notna()),
        "bureauLostCreditsCount": r.count(r["CREDIT_ACTIVE"].isin(["Sold", "Bad debt"])),
        "bureauActiveCardsCount": r.count(active & card),
        "bureauPropertyLoansCount": r.count(r["CREDIT_TYPE"].isin(["Mortgage", "Real estate loan"])),
        "bureauCarLoansCount": r.count(r["CREDIT_TYPE"] == "Car loan"),
        "bureauMicroloansCount": r.count(r["CREDIT_TYPE"] == "Microloan"),
        "bureauYearsSinceFirstCredit": -r.least(opened) / YEAR,
        "bureauYearsSinceLastCredit": -r.most(opened) / YEAR,
        "bureauYearsSinceLastClosure": -r.most(r["DAYS_ENDDATE_FACT"]) / YEAR,
        "bureauYearsSinceLastUpdate": -r.most(r["DAYS_CREDIT_UPDATE"]) / YEAR,
        "bureauNewCreditsTrend": r.count(opened >= -days(12)) - r.count((opened < -days(12)) & (opened >= -days(24))),
        "bureauActiveCreditAmount": r.total(granted, active),
        "bureauLargestCreditAmount": r.most(granted),
        "bureauActiveDebtAmount": r.total(debt, active),
        "bureauDebtShareOfCredit": quotient(r.add(debt, active & both), r.add(granted, active & both)),
        "bureauCardUtilisation": quotient(r.add(debt, active & card & both), r.add(granted, active & card & both)),
        "bureauAnnuityAmount": r.total(r["AMT_ANNUITY"], active),
        "bureauLongestRemainingYears": r.most(ahead, active & (ahead >= 0)) / YEAR,
        "bureauOverdueAmount": r.add(r["AMT_CREDIT_SUM_OVERDUE"]),
        "bureauMaxDaysOverdue": r.most(r["CREDIT_DAY_OVERDUE"]),
        "bureauMaxOverdueAmount": r.most(worst),
        "bureauEverOverdueShare": r.share(worst > 0, worst.notna()),
        "bureauProlongationsCount": r.add(r["CNT_CREDIT_PROLONG"]),
    }
    for months in (3, 12, 24):
        out[f"bureauNewCreditsLast{months}Months"] = r.count(opened >= -days(months))
    return pd.DataFrame(out)


def bureau_balance(months, credits):
    frame = months.merge(credits[["SK_ID_BUREAU", "SK_ID_CURR"]], on="SK_ID_BUREAU")
    r = Rows(frame)
    state = pd.to_numeric(r["STATUS"], errors="coerce")
    late = state >= 1
    # The month of the application is the first of the last twelve.
    month = r["MONTHS_BALANCE"]
    per_credit = frame.assign(late=late, reported=state.notna()).groupby(["SK_ID_CURR", "SK_ID_BUREAU"])[["late", "reported"]].sum().reset_index()
    k = Rows(per_credit)
    out = {
        "bureauLateMonthsCount": r.count(late),
        "bureauLateMonthsShare": quotient(r.count(late), r.count(state.notna())),
        "bureauLateMonthsTrend": r.count(late & (month > -6)) - r.count(late & (month <= -6) & (month > -12)),
        "bureauWorstLateness": r.most(state),
        "bureauWorstLatenessLast12Months": r.most(state, month > -12),
        "bureauYearsSinceLastLateMonth": -r.most(month, late) / 12,
        "bureauLateCreditsShare": quotient(k.count(k["late"] > 0), k.count(k["reported"] > 0)),
    }
    for window in (6, 12, 24):
        out[f"bureauLateMonthsLast{window}Months"] = r.count(late & (month > -window))
    return pd.DataFrame(out)


def previous_application(frame):
    r = Rows(frame)
    status, decided = r["NAME_CONTRACT_STATUS"], r["DAYS_DECISION"]
    approved, refused = status == "Approved", status == "Refused"
    asked, credit, annuity, term = r["AMT_APPLICATION"], r["AMT_CREDIT"], r["AMT_ANNUITY"], r["CNT_PAYMENT"]
    granted = approved & (credit > 0)
    goods = approved & r["AMT_DOWN_PAYMENT"].notna() & (r["AMT_GOODS_PRICE"] > 0)
    priced = granted & (term > 0) & (annuity > 0)
    scheduled, ended = r["DAYS_LAST_DUE_1ST_VERSION"], r["DAYS_LAST_DUE"]
    kind = r["NAME_CONTRACT_TYPE"]
    reason = r["CODE_REJECT_REASON"]
    last_refusal = r.most(decided, refused)
    out = {
        "pastApplicationsCount": r.count(),
        "pastApprovedCount": r.count(approved),
        "pastRefusedCount": r.count(refused),
        "pastCancelledCount": r.count(status == "Canceled"),
        "pastRefusedShare": r.share(refused, approved | refused),
        "pastRefusedByCriteriaCount": r.count(refused & (reason == "HC")),
        "pastRefusedByLimitCount": r.count(refused & (reason == "LIMIT")),
        "pastRefusedByScoreCount": r.count(refused & reason.isin(["SCO", "SCOFR"])),
        "pastYearsSinceFirstApplication": -r.least(decided) / YEAR,
        "pastYearsSinceLastApplication": -r.most(decided) / YEAR,
        "pastYearsSinceLastApproval": -r.most(decided, approved) / YEAR,
        "pastYearsSinceLastRefusal": -last_refusal / YEAR,
        "pastLastApplicationRefused": (last_refusal == r.most(decided)).astype(float),
        "pastCashLoansShare": r.share(kind == "Cash loans", kind.notna()),
        "pastRevolvingLoansShare": r.share(kind == "Revolving loans", kind.notna()),
        "pastMeanAskedAmount": r.mean(asked, asked > 0),
        "pastLargestGrantedAmount": r.most(credit, granted),
        "pastGrantedToAsked": quotient(r.add(credit, granted & (asked > 0)), r.add(asked, granted & (asked > 0))),
        "pastLargestAnnuityAmount": r.most(annuity, granted & (annuity > 0)),
        "pastDownPaymentShare": quotient(r.add(r["AMT_DOWN_PAYMENT"], goods), r.add(r["AMT_GOODS_PRICE"], goods)),
        "pastMeanTermMonths": r.mean(term, granted & (term > 0)),
        "pastImpliedTermMonths": quotient(r.add(credit, granted & (annuity > 0)), r.add(annuity, granted & (annuity > 0))),
        "pastRepaymentToCredit": quotient(r.add(annuity * term, priced), r.add(credit, priced)),
        "pastHighInterestShare": r.share(r["NAME_YIELD_GROUP"] == "high", granted & r["NAME_YIELD_GROUP"].notna()),
        "pastScheduledRemainingYears": r.most(scheduled, approved).clip(lower=0) / YEAR,
        "pastEarlyTerminationShare": r.share(ended < scheduled, approved & ended.notna() & scheduled.notna()),
        "pastYearsSinceLastTermination": -r.most(r["DAYS_TERMINATION"], approved) / YEAR,
    }
    for months in (3, 12, 24):
        out[f"pastApplicationsLast{months}Months"] = r.count(decided >= -days(months))
    for months in (12, 24):
        out[f"pastRefusedLast{months}Months"] = r.count(refused & (decided >= -days(months)))
    return pd.DataFrame(out)


def pos_cash_balance(frame):
    r = Rows(frame)
    month = r["MONTHS_BALANCE"]
    late = r["SK_DPD"] > 0
    loans = frame.sort_values("MONTHS_BALANCE").groupby(["SK_ID_CURR", "SK_ID_PREV"])
    ever = lambda words: frame["NAME_CONTRACT_STATUS"].isin(words).groupby([frame["SK_ID_CURR"], frame["SK_ID_PREV"]]).any()
    per_loan = pd.DataFrame(
        {
            "completed": ever(["Completed"]),
            "claimed": ever(["Demand", "Amortized debt"]),
            "ended": ever(["Completed", "Demand", "Amortized debt", "Returned to the store", "Canceled"]),
            "last": loans["MONTHS_BALANCE"].max(),
            # `last` of a group is its last value that is known.
            "left": loans["CNT_INSTALMENT_FUTURE"].last(),
            "term": loans["CNT_INSTALMENT"].last(),
            "late": late.groupby([frame["SK_ID_CURR"], frame["SK_ID_PREV"]]).any(),
        }
    ).reset_index()
    k = Rows(per_loan)
    running = ~k["ended"] & (k["last"] >= -3)
    known = running & (k["term"] > 0) & k["left"].notna()
    out = {
        "loanCount": k.count(),
        "loanCompletedCount": k.count(k["completed"]),
        "loanRunningCount": k.count(running),
        "loanRemainingInstalmentsCount": k.total(k["left"], running),
        "loanRemainingInstalmentsShare": quotient(k.add(k["left"], known), k.add(k["term"], known)),
        "loanClaimedCount": k.count(k["claimed"]),
        "loanLateMonthsCount": r.count(late),
        "loanLateMonthsShare": quotient(r.count(late), r.count()),
        "loanLateMonthsTrend": r.count(late & (month >= -6)) - r.count(late & (month < -6) & (month >= -12)),
        "loanLateShare": quotient(k.count(k["late"]), k.count()),
        "loanMaxDaysPastDue": r.most(r["SK_DPD_DEF"]),
        "loanMaxDaysPastDueLast12Months": r.most(r["SK_DPD_DEF"], month >= -12),
        "loanYearsSinceLastLateMonth": -r.most(month, late) / 12,
    }
    for window in (6, 12, 24):
        out[f"loanLateMonthsLast{window}Months"] = r.count(late & (month >= -window))
    return pd.DataFrame(out)


def installments_payments(frame):
    keys = ["SK_ID_CURR", "SK_ID_PREV", "NUM_INSTALMENT_VERSION", "NUM_INSTALMENT_NUMBER"]
    parts = frame.groupby(keys, dropna=False)
    r = Rows(
        pd.DataFrame(
            {
                "due_day": parts["DAYS_INSTALMENT"].min(),
                "paid_day": parts["DAYS_ENTRY_PAYMENT"].max(),
                "due": parts["AMT_INSTALMENT"].max(),
                "paid": parts["AMT_PAYMENT"].sum(min_count=1),
            }
        ).reset_index()
    )
    due_day, due = r["due_day"], r["due"]
    # Whole thousandths, so that what was paid in parts equals what was due.
    lacking = (due - r["paid"].fillna(0)).clip(lower=0).round(3)
    delay = (r["paid_day"].fillna(0) - due_day).clip(lower=0)
    lead = (due_day - r["paid_day"]).clip(lower=0)
    late, recent = delay > 0, due_day >= -days(12)
    share = lambda among: quotient(r.count(late & among), r.count(among))
    out = {
        "instalmentsCount": r.count(),
        "instalmentsMeanDueAmount": r.mean(due, r.every()),
        "instalmentsDueLast12MonthsAmount": r.total(due, recent),
        "instalmentsYearsSinceLastPayment": -r.most(r["paid_day"]) / YEAR,
        "instalmentsLateCount": r.count(late),
        "instalmentsLateShare": share(r.every()),
        "instalmentsLateTrend": share(due_day >= -days(6)) - share((due_day < -days(6)) & (due_day >= -days(12))),
        "instalmentsMeanDaysLate": r.mean(delay, r.every()),
        "instalmentsMeanDaysLateLast12Months": r.mean(delay, recent),
        "instalmentsMaxDaysLate": r.most(delay),
        "instalmentsOver30DaysLateCount": r.count(delay > 30),
        "instalmentsYearsSinceLastLate": -r.most(due_day, late) / YEAR,
        "instalmentsMeanDaysEarly": r.mean(lead, r.every()),
        "instalmentsShortCount": r.count(lacking > due / 100),
        "instalmentsShortfallAmount": r.add(lacking),
        "instalmentsShortfallShare": quotient(r.add(lacking), r.add(due)),
        "instalmentsShortfallShareLast12Months": quotient(r.add(lacking, recent), r.add(due, recent)),
    }
    for window in (3, 6, 12, 24):
        out[f"instalmentsLateShareLast{window}Months"] = share(due_day >= -days(window))
    return pd.DataFrame(out)


def credit_card_balance(frame):
    r = Rows(frame)
    month, late = r["MONTHS_BALANCE"], r["SK_DPD"] > 0
    owed, limit = r["AMT_BALANCE"].clip(lower=0), r["AMT_CREDIT_LIMIT_ACTUAL"]
    limited = (limit > 0) & owed.notna()
    drawn, cash = r["AMT_DRAWINGS_CURRENT"], r["AMT_DRAWINGS_ATM_CURRENT"]
    paid, minimum = r["AMT_PAYMENT_TOTAL_CURRENT"], r["AMT_INST_MIN_REGULARITY"]
    asked = (minimum > 0) & paid.notna()
    use = lambda mask: quotient(r.add(owed, limited & mask), r.add(limit, limited & mask))
    out = {
        "cardLargestLimitAmount": r.most(limit),
        "cardMeanBalanceLast3MonthsAmount": r.mean(owed, month >= -3),
        "cardUtilisation": use(r.every()),
        "cardUtilisationLast3Months": use(month >= -3),
        "cardUtilisationLast12Months": use(month >= -12),
        "cardMaxUtilisation": r.most(r["AMT_BALANCE"] / limit.where(limit > 0), r["AMT_BALANCE"] >= 0),
        "cardUtilisationTrend": use(month >= -6) - use((month < -6) & (month >= -12)),
        "cardOverLimitMonthsLast12Months": r.count(limited & (r["AMT_BALANCE"] > limit) & (month >= -12)),
        "cardDrawingsCount": r.add(r["CNT_DRAWINGS_CURRENT"]),
        "cardDrawingsLast12MonthsAmount": r.total(drawn, month >= -12),
        "cardCashDrawingsLast12Months": r.add(r["CNT_DRAWINGS_ATM_CURRENT"], month >= -12).fillna(0.0),
        "cardCashDrawingsShare": quotient(r.add(cash, drawn.notna()), r.add(drawn, cash.notna())),
        "cardYearsSinceLastDrawing": -r.most(month, r["CNT_DRAWINGS_CURRENT"] > 0) / 12,
        "cardMinimumPaidShare": r.share(paid >= minimum, asked),
        "cardMinimumPaidShareLast12Months": r.share(paid >= minimum, asked & (month >= -12)),
        "cardPaymentToBalance": quotient(r.add(paid, owed > 0), r.add(owed, (owed > 0) & paid.notna())),
        "cardLateMonthsCount": r.count(late),
        "cardLateMonthsLast12Months": r.count(late & (month >= -12)),
        "cardMaxDaysPastDue": r.most(r["SK_DPD_DEF"]),
        "cardYearsSinceLastLateMonth": -r.most(month, late) / 12,
    }
    return pd.DataFrame(out)


def history(tables):
    cleaned, counts = clean(tables)
    parts = [
        bureau(cleaned["bureau"]),
        bureau_balance(cleaned["bureau_balance"], cleaned["bureau"]),
        previous_application(cleaned["previous_application"]),
        pos_cash_balance(cleaned["POS_CASH_balance"]),
        installments_payments(cleaned["installments_payments"]),
        credit_card_balance(cleaned["credit_card_balance"]),
    ]
    return pd.concat(parts, axis=1).sort_index() + 0.0, counts


CREDIT_TYPES = [
    "Consumer credit",
    "Credit card",
    "Car loan",
    "Mortgage",
    "Real estate loan",
    "Microloan",
    "Loan for business development",
    "Loan for working capital replenishment",
    "Loan for the purchase of equipment",
    "Loan for purchase of shares (margin lending)",
    "Cash loan (non-earmarked)",
    "Mobile operator loan",
    "Interbank credit",
    "Another type of loan",
    "Unknown type of loan",
]
POS_STATUSES = ["Active", "Completed", "Signed", "Demand", "Returned to the store", "Approved", "Amortized debt", "Canceled", "XNA"]
CARD_STATUSES = ["Active", "Completed", "Signed", "Demand", "Sent proposal", "Refused", "Approved"]


class Draw:
    """Cells drawn from a seed; some are empty, and some are spoilt on purpose."""

    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def whole(self, low, high):
        return int(self.random.integers(low, high + 1))

    def past(self, longest):
        """Days before the application, often on the very edge of a window."""
        return -self.whole(1, longest) if self.chance(0.9) else -int(self.word([91, 92, 182, 183, 184, 365, 366, 730, 731, 732]))

    def chance(self, share):
        return self.random.random() < share

    def amount(self, mean, places=2):
        return round(float(self.random.gamma(1.5, mean / 1.5)), places)

    def word(self, words, weights=None):
        return str(self.random.choice(words, p=None if weights is None else np.array(weights) / sum(weights)))

    def known(self, value, missing=0.1):
        return None if self.chance(missing) else value


def made_up(seed, clients):
    d = Draw(seed)
    rows = {name: [] for name in TABLES}
    ids = [100000 + 7 * n for n in range(1, clients + 1)]
    credit_id, loan_id = 5000000, 1000000
    for client in ids:
        for _ in range(d.whole(0, 7) if d.chance(0.85) else 0):
            credit_id += 3
            begun = d.past(2900)
            state = d.word(["Active", "Closed", "Sold", "Bad debt", "Paused"], [40, 50, 4, 4, 2])
            granted = d.amount(200000) if d.chance(0.95) else 0.0
            rows["bureau"].append(
                {
                    "SK_ID_CURR": client,
                    "SK_ID_BUREAU": credit_id,
                    "CREDIT_ACTIVE": state,
                    "CREDIT_CURRENCY": d.word(["currency 1", "currency 2"], [96, 4]),
                    "DAYS_CREDIT": begun if d.chance(0.98) else d.whole(0, 30),
                    "CREDIT_DAY_OVERDUE": d.whole(1, 400) if d.chance(0.05) else (-1 if d.chance(0.01) else 0),
                    "DAYS_CREDIT_ENDDATE": d.known(float(d.word([begun + d.whole(30, 3000), 31000, begun - 5], [95, 4, 1]))),
                    "DAYS_ENDDATE_FACT": float(d.whole(begun - 2, 0)) if state == "Closed" and d.chance(0.95) else (12.0 if d.chance(0.02) else None),
                    "AMT_CREDIT_MAX_OVERDUE": d.known(d.amount(5000) if d.chance(0.3) else 0.0, 0.5),
                    "CNT_CREDIT_PROLONG": d.whole(1, 3) if d.chance(0.05) else 0,
                    "AMT_CREDIT_SUM": granted,
                    "AMT_CREDIT_SUM_DEBT": d.known(round(granted * d.random.random(), 3) if d.chance(0.9) else -d.amount(900)),
                    "AMT_CREDIT_SUM_LIMIT": d.known(d.amount(30000) if d.chance(0.3) else (-50.0 if d.chance(0.02) else 0.0), 0.4),
                    "AMT_CREDIT_SUM_OVERDUE": d.amount(900) if d.chance(0.05) else 0.0,
                    "CREDIT_TYPE": d.word(CREDIT_TYPES + ["Barter"], [30, 20, 8, 6, 4, 6, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]),
                    "DAYS_CREDIT_UPDATE": -d.whole(0, 900) if d.chance(0.98) else d.word(["4", "-40000"]),
                    "AMT_ANNUITY": d.known(d.amount(9000), 0.5),
                }
            )
            if d.chance(0.5):
                newest = d.whole(0, 20)
                for month in range(newest, newest + d.whole(1, 14)):
                    rows["bureau_balance"].append(
                        {
                            "SK_ID_BUREAU": credit_id if d.chance(0.99) else 4999999,
                            "MONTHS_BALANCE": -month if d.chance(0.99) else 1,
                            "STATUS": d.word(list("012345CX?"), [50, 12, 4, 3, 2, 2, 15, 10, 1]),
                        }
                    )
        for _ in range(d.whole(1, 8) if d.chance(0.9) else 0):
            loan_id += 2
            status = d.word(["Approved", "Refused", "Canceled", "Unused offer", "Lost"], [55, 20, 18, 5, 2])
            asked = d.amount(120000) if status != "Canceled" and d.chance(0.92) else 0.0
            term = d.word(["6", "12", "24", "36", "0"], [3, 4, 3, 2, 1])
            decided = d.past(2900)
            has_terms = status in ("Approved", "Refused") and d.chance(0.9)
            first_end = decided + 30 * d.whole(3, 40)
            rows["previous_application"].append(
                {
                    "SK_ID_PREV": loan_id,
                    "SK_ID_CURR": client,
                    "NAME_CONTRACT_TYPE": d.word(["Cash loans", "Consumer loans", "Revolving loans", "XNA"], [40, 45, 13, 2]),
                    "AMT_ANNUITY": d.amount(9000, 3) if has_terms else None,
                    "AMT_APPLICATION": asked,
                    "AMT_CREDIT": round(asked * (0.8 + 0.4 * d.random.random()), 3),
                    "AMT_DOWN_PAYMENT": d.known(round(asked * 0.2 * d.random.random(), 2) if d.chance(0.95) else -0.9, 0.5),
                    "AMT_GOODS_PRICE": d.known(asked, 0.2),
                    "FLAG_LAST_APPL_PER_CONTRACT": "Y" if d.chance(0.97) else "N",
                    "NFLAG_LAST_APPL_IN_DAY": 1 if d.chance(0.97) else 0,
                    "NAME_CONTRACT_STATUS": status,
                    "DAYS_DECISION": decided if d.chance(0.98) else 3,
                    "CODE_REJECT_REASON": d.word(["HC", "LIMIT", "SCO", "SCOFR", "XNA", "WHIM"], [5, 2, 2, 1, 1, 1]) if status == "Refused" else "XAP",
                    "CNT_PAYMENT": float(term) if has_terms else (-6.0 if d.chance(0.02) else None),
                    "NAME_YIELD_GROUP": d.word(["high", "middle", "low_normal", "low_action", "XNA"], [3, 3, 2, 1, 2]),
                    "DAYS_LAST_DUE_1ST_VERSION": float(first_end if d.chance(0.9) else NEVER) if status == "Approved" else None,
                    "DAYS_LAST_DUE": float(min(first_end - d.whole(-40, 300), -1) if d.chance(0.7) else NEVER) if status == "Approved" else None,
                    "DAYS_TERMINATION": float(d.word([str(-d.whole(1, 900)), str(NEVER), "17", "-50000"], [70, 26, 2, 2])) if status == "Approved" else None,
                }
            )
            if status != "Approved":
                continue
            if d.chance(0.6):
                newest, length = d.whole(1, 30), d.whole(1, 10)
                left = d.whole(0, 24)
                ending = d.word(["Active", "Completed", "Demand", "Returned to the store", "Amortized debt"], [50, 40, 4, 4, 2])
                for step in range(length):
                    behind = d.whole(1, 60) if d.chance(0.15) else 0
                    rows["POS_CASH_balance"].append(
                        {
                            "SK_ID_PREV": loan_id,
                            "SK_ID_CURR": client,
                            "MONTHS_BALANCE": -(newest + step) if d.chance(0.99) else 2,
                            "CNT_INSTALMENT": d.known(24.0 if d.chance(0.98) else -1.0, 0.05),
                            "CNT_INSTALMENT_FUTURE": d.known(float(min(left + step, 26)), 0.05),
                            "NAME_CONTRACT_STATUS": ending if step == 0 else (d.word(["Active", "Signed", "Odd"], [95, 4, 1])),
                            "SK_DPD": behind,
                            "SK_DPD_DEF": behind if d.chance(0.4) else 0,
                        }
                    )
            if d.chance(0.6):
                version = float(d.whole(0, 2)) if d.chance(0.98) else None
                for number in range(1, d.whole(1, 9)):
                    due_day, due = float(d.past(1100)), d.amount(8000, 3)
                    unpaid = d.chance(0.04)
                    pieces = 1 if unpaid or d.chance(0.8) else d.whole(2, 3)
                    for piece in range(pieces):
                        paid = due if pieces == 1 else round(due / pieces, 3)
                        paid = paid if d.chance(0.9) else round(paid * d.random.random(), 3)
                        rows["installments_payments"].append(
                            {
                                "SK_ID_PREV": loan_id,
                                "SK_ID_CURR": client,
                                "NUM_INSTALMENT_VERSION": version,
                                "NUM_INSTALMENT_NUMBER": number,
                                "DAYS_INSTALMENT": due_day if d.chance(0.99) else 6.0,
                                "DAYS_ENTRY_PAYMENT": None if unpaid else due_day + d.whole(-40, 8) + (d.whole(10, 90) if d.chance(0.1) else 0),
                                "AMT_INSTALMENT": due if d.chance(0.99) else None,
                                "AMT_PAYMENT": None if unpaid else (paid if d.chance(0.99) else 2e11),
                            }
                        )
        if d.chance(0.45):
            loan_id += 2
            newest = d.whole(1, 8)
            limit = float(d.word(["0", "45000", "90000", "180000"], [1, 3, 3, 2]))
            used = d.random.random()
            idle = d.chance(0.2)
            for month in range(newest, newest + d.whole(1, 20)):
                owed = 0.0 if idle else round(limit * used * 1.3 * d.random.random(), 3)
                drawings = 0 if idle or d.chance(0.5) else d.whole(1, 9)
                drawn = d.amount(4000, 3) if drawings > 0 else 0.0
                atm = d.whole(0, drawings)
                minimum = d.known(round(owed * 0.05, 3), 0.1)
                behind = d.whole(1, 30) if d.chance(0.08) else 0
                unknown_drawings = d.chance(0.15)
                rows["credit_card_balance"].append(
                    {
                        "SK_ID_PREV": loan_id,
                        "SK_ID_CURR": client,
                        "MONTHS_BALANCE": -month if d.chance(0.99) else 1,
                        "AMT_BALANCE": owed if d.chance(0.95) else -d.amount(300),
                        "AMT_CREDIT_LIMIT_ACTUAL": int(limit),
                        "AMT_DRAWINGS_ATM_CURRENT": None if unknown_drawings else round(drawn * atm / max(drawings, 1), 3),
                        "AMT_DRAWINGS_CURRENT": drawn if d.chance(0.98) else -6211.62,
                        "AMT_INST_MIN_REGULARITY": minimum,
                        "AMT_PAYMENT_TOTAL_CURRENT": d.known(d.amount(3000, 3) if d.chance(0.7) else (minimum or 0.0), 0.03),
                        "CNT_DRAWINGS_ATM_CURRENT": None if unknown_drawings else float(atm),
                        "CNT_DRAWINGS_CURRENT": drawings,
                        "NAME_CONTRACT_STATUS": d.word(CARD_STATUSES + ["Melted"], [80, 8, 2, 2, 2, 2, 2, 2]),
                        "SK_DPD": behind if d.chance(0.99) else -3,
                        "SK_DPD_DEF": behind if d.chance(0.5) else 0,
                    }
                )
    return {name: pd.DataFrame(rows[name]) for name in TABLES}


def main():
    if len(sys.argv) == 3:
        folder, path = Path(sys.argv[1]), Path(sys.argv[2])
        tables = {name: pd.read_csv(folder / f"{name}.csv.gz") for name in TABLES}
        result, counts = history(tables)
        result.to_csv(path)
        print(json.dumps({name: count for name, count in counts.items() if count > 0}, indent=1, ensure_ascii=False), result.shape)
        return
    folder = Path(__file__).with_name("history")
    folder.mkdir(exist_ok=True)
    drawn = made_up(20261125, 60)
    for name, frame in drawn.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    # Read back: what is compared is what stands in the files.
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in TABLES}
    result, counts = history(tables)
    golden = {
        "versions": {"python": platform.python_version(), "numpy": np.__version__, "pandas": pd.__version__},
        "checks": {name: count for name, count in counts.items() if count > 0},
        "fields": list(result.columns),
        "clients": {str(client): [None if np.isnan(v) else v for v in row] for client, row in zip(result.index, result.to_numpy())},
    }
    path = Path(__file__).with_name("history.golden.json")
    path.write_text(json.dumps(golden, ensure_ascii=False) + "\n")
    sizes = {name: (len(tables[name]), (folder / f"{name}.csv").stat().st_size) for name in TABLES}
    print(path.name, path.stat().st_size, "bytes", golden["versions"], sizes, result.shape)
    print(json.dumps(counts, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()

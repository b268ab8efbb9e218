"""Take a command through every check of the table, and make the frame that MongoDB gets."""

from hothouse.broker.commands import COMMANDS, Growth, Names, Policy, Rule, Time
from hothouse.broker.errors import Code, RefusedError
from hothouse.broker.fields import check_fields
from hothouse.broker.gates import Passage
from hothouse.broker.grants import Place
from hothouse.broker.policy import bounds, granted
from hothouse.broker.policy.checks import CHECKS, number
from hothouse.broker.policy.plan import Plan
from hothouse.broker.sandboxes import Sandbox
from hothouse.broker.walker import Scope
from hothouse.broker.wire import BOOLEAN, INT64, Cut, Message, cut_in, cut_time, parse, replace_body, rewrite

_ADMIN_VALUE = b"\x06\x00\x00\x00admin\x00"
_SESSION_HEAD = b"\x1e\x00\x00\x00\x05id\x00\x10\x00\x00\x00\x04"
_SESSION_BYTES = 30
_ENDS_TRANSACTION = frozenset(("commitTransaction", "abortTransaction"))
_LONGEST_NAME = 64


def rule_for(message: Message) -> Rule:
    """Return the table's line for a command that is not refused outright.

    Raises: RefusedError.
    """
    rule = COMMANDS.get(message.name)
    if rule is None:
        name = message.name[:_LONGEST_NAME]
        raise RefusedError(f"The command {name!r} is refused: it is not in the list of those that workloads may use.")
    if rule.policy is Policy.REFUSED:
        raise RefusedError(f"The command {message.name} is refused: {rule.note}.")
    return rule


def check_stranger(message: Message) -> None:
    """Refuse what one who has not signed in may not say.

    Raises: RefusedError.
    """
    rule = COMMANDS.get(message.name)
    if rule is None or not rule.before_login:
        raise RefusedError(f"The command {message.name[:_LONGEST_NAME]!r} requires authentication.")


def check_database_name(message: Message, rule: Rule, sandbox: Sandbox) -> Place:
    """Return the place that a command is for: the own database (also as `admin`, where drivers send it there), or
    another app's of which something was granted.

    Raises: RefusedError.
    """
    value = message.raw(b"$db")
    if value == sandbox.database_value or (rule.on_admin and value == _ADMIN_VALUE):
        return sandbox.own
    name = message.text(b"$db")
    place = sandbox.places.get(name) if name is not None else None
    if place is None:
        raise RefusedError(
            f"{message.name} on the database {str(name)[:_LONGEST_NAME]!r} is refused: this credential reaches only "
            f"{sandbox.database!r}. To read another app's data, name that app in data.read_from of the manifest; an "
            "owner of it has to agree."
        )
    return place


def plan(message: Message, rule: Rule, sandbox: Sandbox) -> Plan:
    """Check a command that the table allows, and return how to send it on.

    Raises: RefusedError; MalformedMessageError for a batch that is no array.
    """
    place = check_database_name(message, rule, sandbox)
    scope = Scope(place.name, place.grant)
    check_fields(message)
    if place.grant is not None:
        granted.check(message, rule, scope)
    if rule.names is not Names.NOTHING:
        _check_named_collection(message, rule, scope)
    limit = bounds.time_limit_ms(rule, sandbox)
    made = Plan(
        name=message.name,
        place=place,
        opens_cursor=rule.opens_cursor,
        growth=rule.growth,
        seconds=limit / 1000,
        passage=_passage(rule),
    )
    session_at = _session_position(message)
    session = b"" if session_at is None else sandbox.own_session(message.frame[session_at : session_at + 16])
    changed = CHECKS[rule.check](message, sandbox, scope, made)
    if changed is not None:
        message = parse(replace_body(message, changed))
        session_at = _session_position(message)
    if made.growth is not Growth.NONE:
        bounds.check_batch(message, sandbox)
        bounds.check_storage(message, made, sandbox)
    cuts: list[Cut] = [*cut_time(message)]
    if (cut := bounds.cut_time_limit(message, rule, limit)) is not None:
        cuts.append(cut)
    if b"noCursorTimeout" in message.elements:
        cuts.append(cut_in(message, b"noCursorTimeout", BOOLEAN, b"\x00"))
    if b"startTransaction" in message.elements:
        sandbox.begin_transaction(session, _transaction_number(message))
    elif message.name in _ENDS_TRANSACTION:
        sandbox.end_transaction(session, _transaction_number(message))
    if place.grant is not None:
        cuts.append(granted.cut_database(message, place))
        made.transform = made.transform or granted.hide_names(place)
    made.cuts = cuts
    made.payload = rewrite(
        message, session_at=session_at, session_id=session, cuts=cuts, is_exhaust=place.grant is None
    )
    return made


def _check_named_collection(message: Message, rule: Rule, scope: Scope) -> None:
    key = message.name.encode()
    name = message.text(key)
    if name is not None:
        scope.check_collection(name, message.name)
    elif rule.names is Names.COLLECTION or number(message, key) != 1:
        raise RefusedError(f"{message.name} needs the name of a collection as a string.", Code.InvalidNamespace)


def _passage(rule: Rule) -> Passage:
    if rule.time is Time.LONG:
        return Passage.DEFINITION
    return Passage.FREE if rule.growth is Growth.NONE else Passage.WRITE


def _transaction_number(message: Message) -> int:
    """Return the number of the transaction that the command belongs to; -1 when it has none that counts."""
    element = message.elements.get(b"txnNumber")
    if element is None or element.type != INT64:
        return -1
    return int(number(message, b"txnNumber") or 0)


def _session_position(message: Message) -> int | None:
    """Return where the 16 bytes of the session's id lie.

    Raises: RefusedError for a session id with anything else in it, such as another user's digest.
    """
    element = message.elements.get(b"lsid")
    if element is None:
        return None
    head = message.frame[element.start : element.start + len(_SESSION_HEAD)]
    if element.end - element.start != _SESSION_BYTES or head != _SESSION_HEAD:
        raise RefusedError("lsid must hold a UUID `id` and nothing else.", Code.BadValue)
    return element.start + len(_SESSION_HEAD)

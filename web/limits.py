"""Too many tries: counted in the database, so that all workers know and a restart forgets nothing."""

from ipaddress import ip_address, ip_network

from flask import Flask, request
from werkzeug.exceptions import TooManyRequests

from matcher import counters
from matcher.addresses import normalised
from web.access import COOKIE
from web.clock import now
from web.database import db, sessions
from web.policy import Limit, Of, rule_for

_LONGEST_ADDRESS = 320


def set_up(app: Flask) -> None:
    """Count before anything is looked up or changed."""
    app.before_request(hold_back)


def hold_back() -> None:
    """Count this try, and answer 429 where there were too many. Known and unknown addresses are counted alike."""
    rule = rule_for(request.endpoint, request.method) if request.endpoint else None
    if rule is None or not rule.limits:
        return
    moment, seconds = now(), 0.0
    with sessions().begin() as session:  # a unit of work of its own: it counts whatever becomes of the request
        for limit in rule.limits:
            number, ends = counters.count(session, key_of(limit), moment, limit.within)
            if number > limit.most:  # the rest is not counted, so that one place cannot use up everybody's tries
                seconds = max(1.0, (ends - moment).total_seconds())
                break
    if seconds:
        raise TooManyRequests(retry_after=round(seconds))


def forget(of: Of) -> None:
    """Begin anew, as after a password that fits. Part of the request's own unit of work."""
    rule = rule_for(request.endpoint or "", request.method)
    for limit in rule.limits if rule else ():
        if limit.of is of:
            counters.forget(db(), key_of(limit))


def forgive(address: str) -> None:
    """Forget the tries with a password that its owner has just replaced: nobody can keep them out by guessing."""
    counters.forget(db(), f"sign_in.come_in:{Of.ADDRESS}:{normalised(address)}")


def key_of(limit: Limit) -> str:
    """What is counted. It is kept as a hash alone."""
    whose = {
        Of.PLACE: place_of(request.remote_addr or ""),
        Of.ADDRESS: normalised(request.form.get("address", "")[:_LONGEST_ADDRESS]),
        Of.BROWSER: request.cookies.get(COOKIE, ""),
        Of.LINK: request.path,
        Of.EVERYBODY: "",
    }[limit.of]
    return f"{request.endpoint}:{limit.of}:{whose}"


def place_of(address: str) -> str:
    """A network address, of IPv6 the part that one household has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{found}/64", strict=False)) if found.version == 6 else address

"""The steps that lead to a decision, as an explanation lists them."""

from hothouse.access.backends.casbin.enforcing import BY_ADMIN, BY_ANYONE, BY_OWNER, BY_SIGN_IN
from hothouse.access.interfaces import Action, Decision, Grant, Link
from hothouse.access.words import DENIED, group, user
from hothouse.identity.principal import Principal

BY_NATURE: dict[str, Link] = {
    BY_ADMIN: Link("platform", "is an admin, who may do everything"),
    BY_OWNER: Link("owner", "owns it"),
    BY_ANYONE: Link("openness", "it is public"),
    BY_SIGN_IN: Link("openness", "it is open to everyone signed in"),
}


def chain(
    principal: Principal, action: Action, role: str | None, grant: Grant | None, way: list[str], decision: Decision
) -> tuple[Link, ...]:
    """Return the links from whoever asks to the decision; `way` are the groups that lead to the grant."""
    links = [_who(principal)]
    links += [Link("group", "is in a group", subject=group(one), id=one) for one in way]
    if role in BY_NATURE and (decision.is_allowed or role == DENIED):
        links.append(BY_NATURE[role])
    elif grant is not None and grant.role == DENIED:
        links.append(Link("denial", "is denied", subject=grant.subject))
    elif grant is not None:
        links.append(Link("grant", f"was given the role {grant.role}", subject=grant.subject, id=grant.role))
    elif role is not None and decision.is_allowed:
        links.append(Link("platform", f"has the role {role}", id=role))
    if grant is not None and grant.expires_at is not None:
        links.append(Link("expiry", f"until {grant.expires_at.isoformat()}"))
    if decision.is_allowed and role is not None:
        links.append(Link("role", f"which allows {action}", id=role))
    if not decision.is_allowed and (grant is None or grant.role != DENIED):
        links.append(Link("none", decision.reason))
    return tuple(links)


def _who(principal: Principal) -> Link:
    if principal.app_id is not None:
        return Link("account", "an app", subject=f"app:{principal.app_id}", id=principal.app_id)
    if principal.group_id is not None:
        return Link("group", "is in a group", subject=group(principal.group_id), id=principal.group_id)
    if principal.user is None:
        return Link("account", "somebody who is not signed in", subject="anyone")
    return Link("account", principal.user.name, subject=user(principal.user.id), id=principal.user.id)

"""The ids by which Slack tells us what was pressed, typed or sent: `jit:<verb>:v1`."""

from access.refusals import Field

APPROVE = "jit:approve:v1"
REJECT = "jit:reject:v1"
REVOKE = "jit:revoke:v1"
WITHDRAW = "jit:withdraw:v1"
DONE = "jit:done:v1"
EXTEND = "jit:extend:v1"
AGAIN = "jit:again:v1"
RETRY = "jit:retry:v1"
POLICY = "jit:policy:v1"
ASK = "jit:ask:v1"
CONFIRM_ALL = "jit:confirm_all:v1"
HOME_PART = "jit:home_part:v1"
HOME_PREVIOUS = "jit:home_previous:v1"
HOME_NEXT = "jit:home_next:v1"
HOME_BACK = "jit:home_back:v1"
ADOPT = "jit:adopt:v1"
IGNORE = "jit:ignore:v1"

ACCOUNT = "jit:account:v1"
KIND = "jit:kind:v1"
PERMISSION_SET = "jit:permission_set:v1"
NAME = "jit:name:v1"
SESSION_DURATION = "jit:session_duration:v1"
MANAGED_POLICIES = "jit:managed_policies:v1"
INLINE_POLICY = "jit:inline_policy:v1"
DURATION = "jit:duration:v1"
JUSTIFICATION = "jit:justification:v1"
REASON = "jit:reason:v1"
CONFIRMATION = "jit:confirmation:v1"

REQUEST_FORM = "jit:request:v1"
REJECT_FORM = "jit:reject_form:v1"
REVOKE_FORM = "jit:revoke_form:v1"
EXTEND_FORM = "jit:extend_form:v1"
REVOKE_ALL_FORM = "jit:revoke_all_form:v1"
ADOPT_FORM = "jit:adopt_form:v1"
POLICY_VIEW = "jit:policy_view:v1"

SHORTCUT = "jit:request_shortcut:v1"

FIELD_ACTIONS = {
    Field.ACCOUNT: ACCOUNT,
    Field.KIND: KIND,
    Field.PERMISSION_SET: PERMISSION_SET,
    Field.NAME: NAME,
    Field.SESSION_DURATION: SESSION_DURATION,
    Field.MANAGED_POLICIES: MANAGED_POLICIES,
    Field.INLINE_POLICY: INLINE_POLICY,
    Field.DURATION: DURATION,
    Field.JUSTIFICATION: JUSTIFICATION,
}
"""The input of each field of the request form."""

ALL_BUTTONS = (APPROVE, REJECT, REVOKE, WITHDRAW, DONE, EXTEND, AGAIN, RETRY, POLICY, ASK)
BRAKE_BUTTONS = (CONFIRM_ALL,)
"""They are about an order to revoke all, and about no request."""
HOME_BUTTONS = (HOME_PART, HOME_PREVIOUS, HOME_NEXT, HOME_BACK)
"""They turn the pages of the home tab, and are about no request."""
CHANGING_FIELDS = (ACCOUNT, KIND)
"""The inputs whose change redraws the form."""
DRIFT_BUTTONS = (ADOPT, IGNORE)
"""They are about what stands in AWS, and no request."""
ALL_ACTIONS = (*ALL_BUTTONS, *BRAKE_BUTTONS, *HOME_BUTTONS, *DRIFT_BUTTONS, *CHANGING_FIELDS)
"""Everything that sends block_actions, so everything a handler must stand for."""
ALL_OPTIONS = (ACCOUNT, PERMISSION_SET, MANAGED_POLICIES)
"""The selects that ask for their options while somebody types (block_suggestion)."""
ALL_FORMS = (REQUEST_FORM, REJECT_FORM, REVOKE_FORM, EXTEND_FORM, REVOKE_ALL_FORM, ADOPT_FORM)
"""The modals that can be sent (view_submission)."""

"""The room's forms."""

from livlina.across.portal.forms.administration import (
    AddressForm,
    AssignmentForm,
    EndForm,
    FirstPasswordForm,
    NewUnitForm,
    NewUserForm,
    UnitForm,
    UserForm,
)
from livlina.across.portal.forms.signing_in import (
    AgainForm,
    CodeForm,
    DemoCitizenForm,
    NewCodesForm,
    NewPasswordForm,
    PasskeyForm,
    PasswordForm,
    ReviewForm,
)

__all__ = [
    "AddressForm",
    "AgainForm",
    "AssignmentForm",
    "CodeForm",
    "DemoCitizenForm",
    "EndForm",
    "FirstPasswordForm",
    "NewCodesForm",
    "NewPasswordForm",
    "NewUnitForm",
    "NewUserForm",
    "PasskeyForm",
    "PasswordForm",
    "ReviewForm",
    "UnitForm",
    "UserForm",
]

package jamfpro_test

import (
	"testing"

	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
)

// TestQuirk44SIMs gives a number to the SIM that it may belong to, and no SIM to
// two slots.
func TestQuirk44SIMs(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][]mdm.SIM{
		`"network":{"phoneNumber":"+49 1"},"serviceSubscriptions":[{"iccid":"89 1"}]`:                                                {{ICCID: "891", Phone: "+49 1"}},
		`"network":{"phoneNumber":"+49 1"},"serviceSubscriptions":[{"iccid":"1","phoneNumber":"+491"},{"iccid":"2"}]`:                {{ICCID: "1", Phone: "+491"}, {ICCID: "2"}},
		`"network":{"phoneNumber":"+49 1"},"serviceSubscriptions":[{"iccid":"1","phoneNumber":"+492"},{"iccid":"2"}]`:                {{ICCID: "1", Phone: "+492"}, {ICCID: "2", Phone: "+49 1"}},
		`"network":{"imei":"1","iccid":"2","phoneNumber":"3"},"serviceSubscriptions":[{"imei":"1"},{"imei":"4","iccid":"2"}]`:        {{ICCID: "2", Phone: "3"}},
		`"network":{"imei":"1","iccid":"2","homeCarrierNetwork":"C"},"serviceSubscriptions":[{"imei":"1"},{"imei":"4"}]`:             {{ICCID: "2", Carrier: "C"}},
		`"network":{"imei":"9","iccid":"2","phoneNumber":"3"},"serviceSubscriptions":[{"slot":"CTSubscriptionSlotTwo","iccid":"2"}]`: {{ICCID: "2", Phone: "3"}},
		`"network":{"phoneNumber":"see label"},"serviceSubscriptions":[{"iccid":"1"}]`:                                               {{ICCID: "1", Phone: "see label"}},
	} {
		assert.Equal(t, want, oneMobile(t, `{"mobileDeviceId":"7",`+body+`}`).Record().SIMs, body)
	}
}

// TestOwnership reads who owns a device, and how it was enrolled.
func TestOwnership(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]mdm.Ownership{"Institutional": mdm.OwnershipOrganisation, "institutional": mdm.OwnershipOrganisation,
		"UserEnrollment": mdm.OwnershipPersonal, "AccountDrivenUserEnrollment": mdm.OwnershipPersonal,
		"AccountDrivenDeviceEnrollment": mdm.OwnershipPersonal, "PersonalDeviceProfile": mdm.OwnershipPersonal, "New": mdm.OwnershipUnknown, "": mdm.OwnershipUnknown} {
		assert.Equal(t, want, oneMobile(t, `{"mobileDeviceId":"7","general":{"deviceOwnershipType":"`+word+`"}}`).Record().Ownership, word)
	}
	for flag, want := range map[string]mdm.EnrolmentMethod{`null`: mdm.EnrolmentAutomated, `true`: mdm.EnrolmentAutomated, `false`: mdm.EnrolmentUnknown} {
		r := oneComputer(t, `{"id":"7","general":{"remoteManagement":{"managed":true},"enrolledViaAutomatedDeviceEnrollment":`+flag+`,
			"enrollmentMethod":{"objectName":"Staff Macs","objectType":"PreStage enrollment"}}}`).Record()
		assert.Equal(t, want, r.Enrolment.Method, flag)
		assert.Equal(t, want == mdm.EnrolmentAutomated, r.Ownership == mdm.OwnershipOrganisation, flag)
	}
}

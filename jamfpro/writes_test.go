package jamfpro_test

import (
	"testing"
	"time"

	"github.com/mdmlink/mdmlink/jamfpro"
	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
	"github.com/mdmlink/mdmlink/mdm"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSourceWrites writes an asset tag and reads it back.
func TestSourceWrites(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	fake.SetNodes(2, time.Minute)
	tag, none := "INV-00417", ""
	computerID, mobileID := fake.IDs(jamfprotest.Computer)[0], fake.IDs(jamfprotest.Mobile)[0]
	require.NoError(t, c.SetComputerDetails(t.Context(), computerID, jamfpro.Details{AssetTag: &tag}))
	d, err := c.Computer(t.Context(), computerID)
	require.NoError(t, err)
	assert.Equal(t, tag, d.AssetTag, "read from the server that took it")
	require.NoError(t, c.SetMobileDeviceDetails(t.Context(), mobileID, jamfpro.Details{AssetTag: &tag, Room: &tag}))
	d, err = c.MobileDevice(t.Context(), mobileID)
	require.NoError(t, err)
	assert.Equal(t, tag, d.AssetTag)
	assert.Equal(t, tag, d.Room)
	require.NoError(t, c.SetMobileDeviceDetails(t.Context(), mobileID, jamfpro.Details{AssetTag: &none}))
	d, err = c.MobileDevice(t.Context(), mobileID)
	require.NoError(t, err)
	assert.Empty(t, d.AssetTag)
}

// TestWritePurchase writes to an Apple TV and to an iPad what has its place
// under the type.
func TestWritePurchase(t *testing.T) {
	t.Parallel()
	c, fake := fakeTenant(t)
	order, done := "PO-4711", map[string]bool{}
	for _, id := range fake.IDs(jamfprotest.Mobile) {
		d, err := c.MobileDevice(t.Context(), id)
		require.NoError(t, err)
		if done[d.Type] {
			continue
		}
		done[d.Type] = true
		require.NoError(t, c.SetMobileDeviceDetails(t.Context(), id, jamfpro.Details{OrderNumber: &order}))
		d, err = c.MobileDevice(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, order, d.OrderNumber, d.Type)
	}
	assert.True(t, done["tvOS"] && done["iOS"])
}

// TestPurchases writes purchases where each type of device has them.
func TestPurchases(t *testing.T) {
	t.Parallel()
	order, tag, day := "PO-1", "INV-1", time.Date(2028, 8, 1, 13, 0, 0, 0, time.UTC)
	for deviceType, want := range map[string]string{"iOS": "ios", "tvOS": "tvos", "watchOS": "", "visionOS": "", "Unknown": ""} {
		tn := &tenant{mobiles: []row{{7, `{"mobileDeviceId":"7","deviceType":"` + deviceType + `"}`}}, script: scripted{"PATCH /api/v2/mobile-devices/7": {body: `{"id":"7"}`}}}
		c := tn.client(t)
		err := c.SetMobileDeviceDetails(t.Context(), "7", jamfpro.Details{AssetTag: &tag, OrderNumber: &order, PurchaseDate: &day})
		sent := tn.requests("PATCH", "/api/v2/mobile-devices/7")
		if want == "" {
			require.ErrorIs(t, err, mdm.ErrUnsupported, deviceType)
			assert.NotEmpty(t, mdm.Advice(err))
			assert.Empty(t, sent)
		} else {
			require.NoError(t, err, deviceType)
			assert.JSONEq(t, `{"assetTag":"INV-1","`+want+`":{"purchasing":{"poNumber":"PO-1","poDate":"2028-08-01T00:00:00Z"}}}`, sent[0].body)
		}
		tn.forget()
		require.NoError(t, c.SetMobileDeviceDetails(t.Context(), "7", jamfpro.Details{AssetTag: &tag}), "the type does not matter")
		assert.Empty(t, tn.requests("GET", "/api/v2/mobile-devices/detail"))
	}
}

// TestDatesAreNotCleared refuses what nobody knows the meaning of.
func TestDatesAreNotCleared(t *testing.T) {
	t.Parallel()
	c, tn := scripted{}.client(t)
	for _, details := range []jamfpro.Details{{PurchaseDate: &time.Time{}}, {WarrantyEnd: &time.Time{}}} {
		require.ErrorIs(t, c.SetComputerDetails(t.Context(), "7", details), mdm.ErrInvalid)
		require.ErrorIs(t, c.SetMobileDeviceDetails(t.Context(), "7", details), mdm.ErrInvalid)
	}
	assert.Empty(t, tn.asked)
}

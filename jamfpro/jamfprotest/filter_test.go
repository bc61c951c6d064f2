package jamfprotest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/jamfpro/jamfprotest"
)

func TestFilters(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	c.send("PATCH", "/api/v4/computers-inventory-detail/41", `{"general":{"name":"x\";id==\"1*"}}`)
	for filter, want := range map[string]int{
		`hardware.serialNumber=="xq4t7m2kvp"`:          1,
		`hardware.serialNumber==XQ4T*`:                 1,
		`hardware.serialNumber=="XQ4T\*"`:              0,
		`hardware.serialNumber=="*7M*VP"`:              1,
		`hardware.serialNumber=="*VP*VP"`:              0,
		`id=="41";udid!="x"`:                           1,
		`id=="42",id=="41"`:                            1,
		`id=="42";id=="41"`:                            0,
		`id=in=("1","41")`:                             1,
		`id=out=("1","41")`:                            0,
		`(id=="1",id=="41");general.supervised==true`:  1,
		`id=="41" and general.assetTag=="INV-00417"`:   1,
		`general.reportDate=ge="2026-05-01T00:00:00Z"`: 1,
		`general.lastContact<"2026-05-01T00:00:00Z"`:   0,
		`id>40`:                         1,
		`id=le=40`:                      0,
		`general.barcode1=="*"`:         0,
		`general.name=="x\";id==\"1\*"`: 1,
		`general.name=="x\";id==\"1"`:   0,
		`userAndLocation.realname=="Jonas Ott";userAndLocation.buildingId=="2"`: 1,
	} {
		assert.Equal(t, want, c.page(query(computers, "filter", filter)).Total, filter)
	}
	for filter, want := range map[string]int{
		`serialNumber=="F4GTEST9Q1ZX"`:              1,
		`imei2=="350000007654321"`:                  1,
		`groupName=="MB Phones"`:                    1,
		`groupId!="1"`:                              1,
		`building=="Main building"`:                 1,
		`managed==false`:                            1,
		`lastContactDate=gt="2026-01-01T00:00:00Z"`: 2,
	} {
		assert.Equal(t, want, c.page(query(details, "filter", filter)).Total, filter)
	}
	assert.Equal(t, 1, c.page(query("/api/v1/buildings", "filter", `name=="Second*"`)).Total)
	assert.Empty(t, f.Violations())
}

func TestBadFilters(t *testing.T) {
	f := jamfprotest.New(small())
	c := newCaller(t, f)
	for _, filter := range []string{
		"nonsense", "id", "id==", "id=like=1", `serialNumber=="X"`, `id=="41"x`, `id=="41`, `(id=="41"`, `id=in="41"`, `id=in=("41"`, `id=in=("41";"42")`,
		`id=="word"`, `general.supervised=="maybe"`, `general.reportDate>"yesterday"`, `id=="1" or id=="2"`, `general.name==a b`, `general.serial=="1"`,
		`((((((((((((((((((((((id=="1"))))))))))))))))))))))`, "hardware.altMacAddress==x",
	} {
		f.Forget()
		assert.Equal(t, 400, c.get(query(computers, "filter", filter)).status, filter)
		assert.Len(t, f.Violations(), 1, filter)
	}
}

func FuzzFilter(f *testing.F) {
	for _, s := range []string{`id=="41"`, `a=in=("x",'y');(b!=c,d>"*\""`, `id=="\`} {
		f.Add(s)
	}
	fake := jamfprotest.New(small())
	f.Fuzz(func(t *testing.T, filter string) {
		fake.Advance(0)
		c := newCaller(t, fake)
		g := c.get(query(computers, "filter", filter))
		assert.Contains(t, []int{200, 400}, g.status)
		fake.Forget()
	})
}

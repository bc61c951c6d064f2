package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/internal/permissions"
	"github.com/mdmlink/mdmlink/mdm"
)

func TestTable(t *testing.T) {
	table := permissions.Table{
		permissions.Need("devices", mdm.AbilityList, "", "read"),
		permissions.Need("device", mdm.AbilityList, "", "read", "details"),
		permissions.Need("device", mdm.AbilityBatch, "", "read"),
		permissions.Need("groups", "", "", "groups"),
		permissions.Need("Lock", mdm.AbilityCommand, "Lock", "send"),
	}
	assert.Equal(t, []string{"read", "details"}, table.Of("device"))
	assert.Equal(t, []string{"groups"}, table.Of("groups"))
	assert.Nil(t, table.Of("users"))
	assert.Equal(t, []mdm.Permission{
		{Ability: mdm.AbilityList, Right: "read"}, {Ability: mdm.AbilityList, Right: "details"},
		{Ability: mdm.AbilityBatch, Right: "read"}, {Ability: mdm.AbilityCommand, For: "Lock", Right: "send"},
	}, table.Abilities())
}

package contracttest_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/mdmlink/mdmlink/internal/contracttest"
)

func suite() contracttest.Suite[int] {
	return contracttest.Suite[int]{Clauses: []contracttest.Clause[int]{
		{Name: "even", About: "it is even", Test: func(_ context.Context, n int) []string {
			if n%2 == 0 {
				return nil
			}
			return []string{"it is odd", "very much so"}
		}},
		{Name: "calm", About: "it does not panic", Test: func(_ context.Context, n int) []string { _ = 1 / (n - 3); return nil }},
		{Name: "quick", About: "it heeds its context", Test: func(ctx context.Context, n int) []string {
			if n == 5 {
				time.Sleep(time.Hour)
			}
			if _, ok := ctx.Deadline(); !ok {
				return []string{"no deadline"}
			}
			return nil
		}},
	}}
}

func TestSuite(t *testing.T) {
	suite().Run(t, func(*testing.T) int { return 2 })
	assert.Equal(t, []string{"even", "calm", "quick"}, suite().Names())
	assert.Equal(t, []contracttest.Violation{{"even", "it is odd"}, {"even", "very much so"},
		{"calm", "it panics: runtime error: integer divide by zero"}}, suite().Check(t.Context(), func() int { return 3 }))
}

func TestSuiteTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := suite()
		s.Skip = map[string]string{"even": "odd by design"}
		assert.Equal(t, []contracttest.Violation{{"quick", "it takes longer than 30s and does not heed its context"}},
			s.Check(t.Context(), func() int { return 5 }))
		time.Sleep(time.Hour) // until the clause that did not heed is over
	})
}

func TestSuiteSkip(t *testing.T) {
	s := suite()
	s.Skip = map[string]string{"even": "odd by design", "odd": "x", "calm": "", "quick": "y"}
	opened := 0
	open := func() int { opened++; return 3 }
	assert.Equal(t, []contracttest.Violation{{"options", `Skip gives no reason for "calm"`}, {"options", `Skip names "odd", which is no clause`}},
		s.Check(t.Context(), open))
	assert.Zero(t, opened)
}

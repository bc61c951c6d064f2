package vendors_test

import "context"

// unlimited lets a test ask a fake as fast as it can.
type unlimited struct{}

func (unlimited) Wait(ctx context.Context) error { return ctx.Err() }

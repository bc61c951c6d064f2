package transport

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/mdmlink/mdmlink/mdm"
)

// accept returns the answer to c, unless its first bytes show that it is none.
func (c *call) accept(ctx context.Context, resp *http.Response) (*Response, error) {
	bounded := &boundedBody{body: resp.Body, ctx: ctx, call: c, left: c.limit}
	reader := bufio.NewReaderSize(bounded, 4<<10)
	answer := &Response{
		Status:    resp.StatusCode,
		Header:    resp.Header,
		RequestID: requestID(resp.Header),
		Body:      &answerBody{reader, bounded},
		call:      c,
	}
	if err := c.inspect(answer, reader); err != nil {
		answer.Body.Close()
		return nil, err
	}
	return answer, nil
}

// answerBody reads through a buffer, so that its beginning could be looked at.
type answerBody struct {
	io.Reader
	io.Closer
}

// inspect looks at the head and the first bytes of an answer.
func (c *call) inspect(answer *Response, body *bufio.Reader) error {
	if encoding := answer.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		err := answer.Fail(mdm.ErrDecode)
		err.Detail = "the answer is compressed in a way that was not asked for"
		err.Advice = "Check the proxy in between and Options.Base: a RoundTripper that asks for compression must undo it."
		return err
	}
	if c.page {
		return nil
	}
	start, err := firstBytes(body)
	switch {
	case err == io.EOF && len(start) == 0:
		return c.empty(answer)
	case err != nil && err != io.EOF:
		return err
	case webPage(answer.Header, start) || c.json && start[0] == '<':
		err := answer.Fail(mdm.ErrWrongAddress)
		err.Detail, err.Advice = "a web page instead of an answer", adviceWebPage
		return err
	}
	return nil
}

// empty judges an answer without content, which is well for a write, and for
// a read only if the status says so.
func (c *call) empty(answer *Response) error {
	if !c.json || !c.read || answer.Status != http.StatusOK {
		return nil
	}
	err := answer.Fail(mdm.ErrDecode)
	err.Detail = "the answer is empty"
	err.Advice = "Check the address and any proxy in between, then try again."
	return err
}

// firstBytes returns what has come of body from its first byte that is no
// blank, without taking it out of the buffer. It waits for no more than that.
func firstBytes(body *bufio.Reader) ([]byte, error) {
	for n := 1; ; n++ {
		start, err := body.Peek(n)
		if err == bufio.ErrBufferFull {
			return start, nil // nothing but blanks; the decoder will tell
		}
		if err != nil {
			return nil, err
		}
		if !blank(start[n-1]) {
			start, _ = body.Peek(body.Buffered())
			return start[n-1:], nil
		}
	}
}

// blank also covers the bytes of a byte order mark, with which some servers
// begin.
func blank(b byte) bool {
	switch b {
	case ' ', '\t', '\r', '\n', 0xef, 0xbb, 0xbf:
		return true
	}
	return false
}

// boundedBody reads an answer up to a limit and gives its failures their kind.
type boundedBody struct {
	body io.ReadCloser
	ctx  context.Context // of the caller of Do, whose end the errors tell apart
	call *call
	left int64
	err  error // what ended it
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left {
		p = p[:b.left+1] // one more tells a full answer from one too large
	}
	n, err := b.body.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), b.tooLarge()
	} else if err != nil && err != io.EOF {
		err = b.broken(err)
	}
	b.left -= int64(n)
	b.err = err
	return n, err
}

func (b *boundedBody) Close() error { return b.body.Close() }

func (b *boundedBody) tooLarge() error {
	err := b.call.fail(mdm.ErrDecode)
	err.Detail = fmt.Sprintf("the answer is larger than the limit of %d bytes", b.call.limit)
	err.Advice = "Use a smaller page size, or raise the body limit if answers of this size are right."
	return err
}

// broken says that an answer broke off.
func (b *boundedBody) broken(err error) error {
	ended := b.ctx.Err()
	if ended != nil && b.call.read {
		return b.call.ended(ended)
	}
	reach := Diagnose(err)
	failure := b.call.fail(mdm.ErrUnavailable)
	failure.Detail, failure.Advice = "the answer ended early", reach.Advice
	failure.Cause = &lost{err: err, reach: reach}
	if reach.Reason == ReachTimeout {
		failure.Detail = "the answer stopped coming"
	}
	if b.call.read {
		return failure
	}
	failure = inDoubt(failure)
	if ended != nil {
		failure.Cause = ended
	}
	return failure
}

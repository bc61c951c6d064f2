package abmtest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mdmlink/mdmlink/abm/abmtest"
)

// certificate makes a certificate of a key.
func certificate(t *testing.T, public, private any) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(7)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	require.NoError(t, err)
	return der
}

func serverBody(id, name string, der []byte) string {
	if id != "" {
		id = `"id":"` + id + `",`
	}
	return fmt.Sprintf(`{"data":{"type":"mdmServers",%s"attributes":{"serverName":%q,"serverCertificate":{"name":"server.pem","data":%q}}}}`,
		id, name, base64.StdEncoding.EncodeToString(der))
}

func TestServerWrites(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	der := certificate(t, &private.PublicKey, private)

	g := c.send("POST", servers, serverBody("", "Library", der))
	require.Equal(t, 201, g.status, g.body)
	made := decode[struct{ Data resource }](t, g).Data
	assert.Regexp(t, "^[0-9A-F]{32}$", made.ID)
	assert.Equal(t, "Library", c.one(servers + "/" + made.ID).Attributes["serverName"])
	assert.Equal(t, 409, c.send("POST", servers, serverBody("", "library", der)).status, "the name is taken")
	assert.Equal(t, 422, c.send("POST", servers, serverBody("", "Unassigned", der)).status)

	again := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	assert.Equal(t, 200, c.send("PATCH", servers+"/"+made.ID, serverBody(made.ID, "Library 2", again)).status)
	assert.Equal(t, made.ID, f.ServerID("Library 2"))
	assert.Equal(t, der, f.Certificate(made.ID))
	f.Assign(made.ID, padSerial)
	assert.Equal(t, 409, c.send("DELETE", servers+"/"+made.ID, "").status, "devices are assigned")
	f.Assign("", padSerial)
	assert.Equal(t, 204, c.send("DELETE", servers+"/"+made.ID, "").status)
	assert.Equal(t, 404, c.get(servers+"/"+made.ID).status)
	assert.Equal(t, 403, c.send("DELETE", servers+"/"+f.ServerID(abmtest.ConfiguratorServer), "").status)

	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	assert.Equal(t, 422, c.send("POST", servers, serverBody("", "Curve", certificate(t, &curve.PublicKey, curve))).status)
	assert.Equal(t, 422, c.send("POST", servers, serverBody("", "None", []byte("x"))).status)
	assert.Empty(t, f.Violations())
}

func TestServerWritesThatAreRefused(t *testing.T) {
	f := abmtest.New(small())
	c := newCaller(t, f)
	spare := f.ServerID(abmtest.SpareServer)
	patch := func(attributes string) got {
		return c.send(http.MethodPatch, servers+"/"+spare, `{"data":{"type":"mdmServers","id":"`+spare+`","attributes":`+attributes+`}}`)
	}
	assert.Equal(t, 200, patch(`{"serverName":"`+abmtest.SpareServer+`"}`).status, "its own name")
	assert.Equal(t, 200, patch(`{"enableMdmDisownFlag":true,"defaultProductFamilies":["VISION"]}`).status)
	assert.Empty(t, f.Violations())
	assert.Equal(t, 422, patch(`{"serverType":"MDM"}`).status)
	assert.Equal(t, 422, patch(`{"defaultProductFamilies":["iPad"]}`).status)
	assert.Equal(t, 409, c.send(http.MethodPatch, servers+"/"+spare, `{"data":{"type":"mdmServers","id":"X","attributes":{}}}`).status)
	assert.Equal(t, 422, c.send("POST", servers, `{"data":{"type":"mdmServers","attributes":{"serverName":"Bare"}}}`).status)
	assert.Len(t, f.Violations(), 4)
	assert.Nil(t, f.Certificate(spare))
	f.SetDisown(spare, false)
	assert.Equal(t, false, c.one(servers + "/" + spare).Attributes["enableMdmDisownFlag"])
}

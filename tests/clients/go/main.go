// The flow of `tests/clients` with what openapi-generator makes for Go.
package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"muster"
)

var item, measured = os.Getenv("MUSTER_ITEM"), os.Getenv("MUSTER_MEASURED")

func main() {
	configuration := muster.NewConfiguration()
	configuration.Servers = muster.ServerConfigurations{{URL: os.Getenv("MUSTER_URL")}}
	client := muster.NewAPIClient(configuration)

	secret := muster.BasicAuth{UserName: os.Getenv("MUSTER_CLIENT"), Password: os.Getenv("MUSTER_SECRET")}
	asked := context.WithValue(context.Background(), muster.ContextBasicAuth, secret)
	token, _, err := client.SignInAPI.IssueToken(asked).GrantType("client_credentials").Execute()
	must(err)
	signedIn := context.WithValue(context.Background(), muster.ContextAccessToken, token.AccessToken)

	codes, pages := map[string]bool{}, 0
	for request := client.CatalogueAPI.ListItems(signedIn).Limit(50); ; {
		page, _, err := request.Execute()
		must(err)
		pages++
		for _, one := range page.Items {
			codes[one.Code] = true
		}
		if page.GetNextCursor() == "" {
			break
		}
		request = request.Cursor(page.GetNextCursor())
	}

	depots, _, err := client.OrganizationsAPI.ListDepots(signedIn).Execute()
	must(err)
	depot := depots.Items[0].Id
	id, counted := newID(), count(depot, 15)
	sent, err := json.Marshal(counted)
	must(err)
	first, created, err := client.CountsAPI.SubmitCount(signedIn, id).NewCount(*counted).Execute()
	must(err)
	again, repeated, err := client.CountsAPI.SubmitCount(signedIn, id).NewCount(*counted).Execute()
	must(err)
	_, refused, err := client.CountsAPI.SubmitCount(signedIn, id).NewCount(*count(depot, 14)).Execute()
	var failure *muster.GenericOpenAPIError
	check(errors.As(err, &failure), "other content was taken under the same id")
	problem, typed := failure.Model().(muster.Problem)
	check(typed && refused.StatusCode == 409 && problem.Status == 409, failure.Body())
	check(first.Receipt == again.Receipt && !first.Repeated, again)

	keys, _, err := client.SignInAPI.ListKeys(context.Background()).Execute()
	must(err)
	hash := verify(first.Receipt, keys.Keys, id, sent)
	check(problem.GetStoredSha256() == hash, problem)

	shortages, _, err := client.ShortagesAPI.ListShortages(signedIn).Organization([]string{"T3"}).Item([]string{item}).Execute()
	must(err)
	line := shortages.Items[0]
	explained, _, err := client.ShortagesAPI.ExplainShortage(signedIn, "T3", line.Line).Execute()
	must(err)
	rules := []string{}
	for _, scope := range explained.Explanation.Scopes {
		for _, rule := range scope.Rules {
			rules = append(rules, rule.Rule)
		}
	}

	pulled, _, err := client.SyncAPI.PullChanges(signedIn).Execute()
	must(err)
	changes := len(pulled.Changes)
	for pulled.More {
		pulled, _, err = client.SyncAPI.PullChanges(signedIn).Cursor(pulled.Cursor).Execute()
		must(err)
		changes += len(pulled.Changes)
	}
	after, _, err := client.SyncAPI.PullChanges(signedIn).Cursor(pulled.Cursor).Execute()
	must(err)

	must(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"items":    len(codes),
		"pages":    pages,
		"first":    created.StatusCode,
		"again":    repeated.StatusCode,
		"repeated": again.Repeated,
		"problem":  problem.Code,
		"sha256":   hash,
		"required": line.Required.Min,
		"rules":    rules,
		"changes":  changes,
		"after":    len(after.Changes),
	}))
}

func count(depot string, quantity float64) *muster.NewCount {
	lines := []muster.NewCountLine{*muster.NewNewCountLine(item), *muster.NewNewCountLine(measured)}
	lines[0].SetQuantity(quantity)
	lines[1].SetQuantity(0.1)
	counted := muster.NewNewCount(time.Now().UTC().Truncate(time.Second), depot, lines, muster.COUNTSCOPE_LISTED)
	counted.SetNote("盘点")
	return counted
}

// verify returns the SHA-256 of the content, where one of the keys signed that the very bytes sent are that count.
func verify(receipt string, keys []muster.PublicKey, id string, sent []byte) string {
	parts := strings.Split(receipt, ".")
	var header struct{ Alg, Typ, Kid string }
	must(json.Unmarshal(decoded(parts[0]), &header))
	check(header.Alg == "EdDSA" && header.Typ == "muster-receipt+jws", header)
	signed := false
	for _, key := range keys {
		if key.Kid == header.Kid {
			signed = ed25519.Verify(decoded(key.X), []byte(parts[0]+"."+parts[1]), decoded(parts[2]))
		}
	}
	check(signed, "the signature is wrong")

	link := map[string]any{}
	must(json.Unmarshal(decoded(parts[1]), &link))
	check(link["kind"] == "count" && link["id"] == id, link)
	check(link["sha256"] == contentHash(sent), "the receipt is about other content")
	hash := link["hash"]
	delete(link, "iss")
	delete(link, "hash")
	rest, err := json.Marshal(link)
	must(err)
	check(hash == contentHash(rest), "the hash is not that of the link")
	return link["sha256"].(string)
}

// contentHash is the SHA-256 of the RFC 8785 form, which is what Go writes of maps, for names of ASCII.
func contentHash(text []byte) string {
	var value any
	must(json.Unmarshal(text, &value))
	var canonical bytes.Buffer
	encoder := json.NewEncoder(&canonical)
	encoder.SetEscapeHTML(false)
	must(encoder.Encode(value))
	hash := sha256.Sum256(bytes.TrimSuffix(canonical.Bytes(), []byte("\n")))
	return hex.EncodeToString(hash[:])
}

func decoded(part string) []byte {
	bytes, err := base64.RawURLEncoding.DecodeString(part)
	must(err)
	return bytes
}

func newID() string {
	id := make([]byte, 16)
	_, err := rand.Read(id)
	must(err)
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[0:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func check(holds bool, otherwise any) {
	if !holds {
		panic(fmt.Sprintf("%s", otherwise))
	}
}

func must(err error) {
	var failure *muster.GenericOpenAPIError
	if errors.As(err, &failure) {
		panic(fmt.Sprintf("%v: %s", err, failure.Body()))
	}
	if err != nil {
		panic(err)
	}
}

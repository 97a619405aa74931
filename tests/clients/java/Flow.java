import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.ApiResponse;
import org.openapitools.client.api.CatalogueApi;
import org.openapitools.client.api.CountsApi;
import org.openapitools.client.api.OrganizationsApi;
import org.openapitools.client.api.ShortagesApi;
import org.openapitools.client.api.SignInApi;
import org.openapitools.client.api.SyncApi;
import org.openapitools.client.model.*;

/** The flow of `tests/clients` with what openapi-generator makes for Java, on the JDK's own HTTP client. */
public class Flow {
    static final Map<String, String> GIVEN = System.getenv();
    static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> found = new LinkedHashMap<>();

        String basic = GIVEN.get("MUSTER_CLIENT") + ":" + GIVEN.get("MUSTER_SECRET");
        String encoded = Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8));
        ClientToken token = new SignInApi(client("Basic " + encoded))
                .issueToken(SignInApi.APIIssueTokenRequest.newBuilder().grantType("client_credentials").build());
        ApiClient client = client("Bearer " + token.getAccessToken());

        Set<String> codes = new HashSet<>();
        int pages = 0;
        String cursor = null;
        do {
            PageItemView page = new CatalogueApi(client)
                    .listItems(CatalogueApi.APIListItemsRequest.newBuilder().limit(50).cursor(cursor).build());
            page.getItems().forEach(item -> codes.add(item.getCode()));
            cursor = page.getNextCursor();
            pages++;
        } while (cursor != null);
        found.put("items", codes.size());
        found.put("pages", pages);

        UUID depot = new OrganizationsApi(client)
                .listDepots(OrganizationsApi.APIListDepotsRequest.newBuilder().build()).getItems().get(0).getId();
        CountsApi counts = new CountsApi(client);
        UUID id = UUID.randomUUID();
        NewCount counted = count(depot, 15.0);
        byte[] sent = client.getObjectMapper().writeValueAsBytes(counted);
        ApiResponse<SubmittedCount> first = counts.submitCountWithHttpInfo(submission(id, counted));
        ApiResponse<SubmittedCount> again = counts.submitCountWithHttpInfo(submission(id, counted));
        Problem problem = null;
        try {
            counts.submitCount(submission(id, count(depot, 14.0)));
        } catch (ApiException refused) {
            check(refused.getCode() == 409, refused.getMessage());
            problem = client.getObjectMapper().readValue(refused.getResponseBody(), Problem.class);
        }
        check(problem != null && problem.getStatus() == 409, "other content was taken under the same id");
        check(!first.getData().getRepeated(), "the first is no repeat");
        check(first.getData().getReceipt().equals(again.getData().getReceipt()), "a repeat has the same receipt");
        found.put("first", first.getStatusCode());
        found.put("again", again.getStatusCode());
        found.put("repeated", again.getData().getRepeated());
        found.put("problem", problem.getCode());

        KeySet keys = new SignInApi(client).listKeys(SignInApi.APIListKeysRequest.newBuilder().build());
        String sha256 = verify(first.getData().getReceipt(), keys.getKeys(), id, sent);
        check(sha256.equals(problem.getStoredSha256()), "the problem names another content");
        found.put("sha256", sha256);

        ShortagesApi shortages = new ShortagesApi(client);
        ShortageLine line = shortages.listShortages(ShortagesApi.APIListShortagesRequest.newBuilder()
                .organization(List.of("T3")).item(List.of(GIVEN.get("MUSTER_ITEM"))).build()).getItems().get(0);
        List<String> rules = new ArrayList<>();
        ExplainedLine explained = shortages.explainShortage(
                ShortagesApi.APIExplainShortageRequest.newBuilder().organization("T3").line(line.getLine()).build());
        explained.getExplanation().getScopes().forEach(scope -> scope.getRules().forEach(rule -> rules.add(rule.getRule())));
        found.put("required", line.getRequired().getMin());
        found.put("rules", rules);

        SyncApi sync = new SyncApi(client);
        PulledChanges pulled = sync.pullChanges(since(null));
        int changes = pulled.getChanges().size();
        while (pulled.getMore()) {
            pulled = sync.pullChanges(since(pulled.getCursor()));
            changes += pulled.getChanges().size();
        }
        found.put("changes", changes);
        found.put("after", sync.pullChanges(since(pulled.getCursor())).getChanges().size());
        System.out.println(JSON.writeValueAsString(found));
    }

    static CountsApi.APISubmitCountRequest submission(UUID id, NewCount count) {
        return CountsApi.APISubmitCountRequest.newBuilder().id(id).newCount(count).build();
    }

    static SyncApi.APIPullChangesRequest since(String cursor) {
        return SyncApi.APIPullChangesRequest.newBuilder().cursor(cursor).build();
    }

    static ApiClient client(String authorization) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(GIVEN.get("MUSTER_URL"));
        client.setRequestInterceptor(request -> request.header("Authorization", authorization));
        return client;
    }

    static NewCount count(UUID depot, double quantity) {
        return new NewCount()
                .depotId(depot)
                .scope(CountScope.LISTED)
                .countedAt(OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS))
                .note("盘点")
                .addLinesItem(new NewCountLine().item(GIVEN.get("MUSTER_ITEM")).quantity(quantity))
                .addLinesItem(new NewCountLine().item(GIVEN.get("MUSTER_MEASURED")).quantity(0.1));
    }

    /** The SHA-256 of the content, where one of `keys` signed that the very bytes `sent` are that count. */
    static String verify(String receipt, List<org.openapitools.client.model.PublicKey> keys, UUID id, byte[] sent) throws Exception {
        String[] parts = receipt.split("\\.");
        JsonNode header = JSON.readTree(decoded(parts[0]));
        ObjectNode link = (ObjectNode) JSON.readTree(decoded(parts[1]));
        check(header.get("alg").asText().equals("EdDSA") && header.get("typ").asText().equals("muster-receipt+jws"), header);
        String x = keys.stream().filter(key -> key.getKid().equals(header.get("kid").asText())).findFirst().orElseThrow().getX();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key(decoded(x)));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        check(signature.verify(decoded(parts[2])), "the signature is wrong");

        check(link.get("kind").asText().equals("count") && link.get("id").asText().equals(id.toString()), link);
        String sha256 = link.get("sha256").asText();
        check(sha256.equals(sha256(JSON.readTree(sent))), "the receipt is about other content");
        String hash = link.get("hash").asText();
        link.remove(List.of("iss", "hash"));
        check(hash.equals(sha256(link)), "the hash is not that of the link");
        return sha256;
    }

    /** The key of 32 bytes: y with the lowest byte first, and the sign of x in the highest bit. */
    static java.security.PublicKey key(byte[] x) throws Exception {
        byte[] y = new byte[32];
        for (int place = 0; place < 32; place++) {
            y[31 - place] = x[place];
        }
        boolean odd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        EdECPoint point = new EdECPoint(odd, new BigInteger(1, y));
        return KeyFactory.getInstance("Ed25519").generatePublic(new EdECPublicKeySpec(NamedParameterSpec.ED25519, point));
    }

    static String sha256(JsonNode value) throws Exception {
        byte[] canonical = canonical(value).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
    }

    /** RFC 8785, for numbers as they occur in counts: with at most three decimals and below 10⁹. */
    static String canonical(JsonNode value) throws Exception {
        List<String> parts = new ArrayList<>();
        if (value.isObject()) {
            Set<String> names = new TreeSet<>();
            value.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                parts.add(JSON.writeValueAsString(name) + ":" + canonical(value.get(name)));
            }
            return "{" + String.join(",", parts) + "}";
        }
        if (value.isArray()) {
            for (JsonNode one : value) {
                parts.add(canonical(one));
            }
            return "[" + String.join(",", parts) + "]";
        }
        if (value.isNumber()) {
            return value.decimalValue().signum() == 0 ? "0" : value.decimalValue().stripTrailingZeros().toPlainString();
        }
        return JSON.writeValueAsString(value);
    }

    static byte[] decoded(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    static void check(boolean holds, Object otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise.toString());
        }
    }
}

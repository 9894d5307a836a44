// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.s3.S3Client;

import dev.joust.io.ObjectPath;

/// The exact requests that services get which can't be tried here: Amazon's own, R2, S3 Express. What differs from call to
/// call (signature, time, id of the call) is left out, and that it is there is checked.
class RecordedRequestsTest {
    private static final Set<String> LEFT_OUT =
            Set.of("authorization", "x-amz-date", "amz-sdk-invocation-id", "amz-sdk-request", "user-agent", "x-amz-security-token");
    private static final Map<String, String> KEYS = Map.of("access_key_id", "AKID", "secret_access_key", "SECRET");
    private static final ObjectPath MANIFEST = ObjectPath.of("_versions/18446744073709551614.manifest");

    /// Keeps requests as they would go out, and lets none.
    private static final class Recorder implements SdkHttpClient {
        private final List<SdkHttpRequest> requests = new ArrayList<>();

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            requests.add(request.httpRequest());
            throw new IllegalStateException("recorded");
        }

        @Override
        public void close() {}
    }

    /// What a call on a store sends first.
    private static SdkHttpRequest request(String uri, Map<String, String> more, Call call) throws IOException {
        return request(uri, more, call, S3Clients::create);
    }

    /// As the SDK's client would send it.
    private static SdkHttpRequest requestOfTheSdk(String uri, Map<String, String> more, Call call) throws IOException {
        return request(
                uri, more, call, (options, http) -> S3Clients.whole(options, http, S3Clients.credentials(options), S3Clients.region(options)));
    }

    private static SdkHttpRequest request(
            String uri, Map<String, String> more, Call call, BiFunction<S3Options, SdkHttpClient, S3Client> maker) throws IOException {
        Map<String, String> all = new HashMap<>(KEYS);
        all.putAll(more);
        all.put("unsafe_commit", "false");
        S3Options options = S3Options.of(all, _ -> null);
        Recorder recorder = new Recorder();
        try (S3Connection connection = S3Connection.open(options, maker.apply(options, recorder))) {
            S3ObjectStore store = S3ObjectStore.over(S3Address.of(URI.create(uri)), connection);
            assertThrows(Exception.class, () -> ((Callable<?>) () -> call.on(store)).call());
        }
        return recorder.requests.getFirst();
    }

    @FunctionalInterface
    private interface Call {
        Object on(S3ObjectStore store) throws IOException;
    }

    private static final Call PUT_IF_ABSENT = store -> store.putIfAbsent(MANIFEST, new byte[] {1, 2, 3});
    private static final Call RANGE = store -> {
        store.read(MANIFEST, 100, java.lang.foreign.MemorySegment.ofArray(new byte[50]));
        return store;
    };
    private static final Call TAIL =
            store -> store.readTail(MANIFEST, 65536, java.lang.foreign.Arena.ofAuto());
    private static final Call FIRST = store -> store.firstObject(ObjectPath.of("_versions"), _ -> true);
    private static final Call HEAD = store -> store.head(MANIFEST);
    private static final Call ALL = store -> store.readAll(ObjectPath.of("data/a b+c%&=~*'(),ü.lance"), 100);
    private static final Call DELETE = store -> {
        store.delete(MANIFEST);
        return store;
    };
    private static final Call DELETE_ALL = store -> {
        store.deleteAll(List.of(ObjectPath.of("a"), ObjectPath.of("b")));
        return store;
    };

    private static String text(SdkHttpRequest request) {
        StringBuilder text = new StringBuilder(request.method() + " " + request.getUri() + "\n");
        Map<String, String> headers = new TreeMap<>();
        request.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        headers.keySet().removeAll(LEFT_OUT);
        headers.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private static void assertSigned(SdkHttpRequest request, String region, String service) {
        String authorization = request.firstMatchingHeader("Authorization").orElseThrow();
        assertTrue(authorization.startsWith("AWS4-HMAC-SHA256 Credential="), authorization);
        assertTrue(authorization.contains("/" + region + "/" + service + "/aws4_request"), authorization);
        assertFalse(authorization.contains("SECRET"));
    }

    @Test
    void r2GetsPutsInItsRegionWithoutChecksumsOrChunks() throws IOException {
        Map<String, String> r2 = Map.of("endpoint", "https://0123.r2.cloudflarestorage.com");
        // the first is the question whether it decides: the same request as a commit's
        SdkHttpRequest put = request("s3://photos/images.lance", r2, PUT_IF_ABSENT);
        assertSigned(put, "auto", "s3");
        assertEquals(
                """
                PUT https://0123.r2.cloudflarestorage.com/photos/images.lance/NAME
                content-length: 55
                content-type: application/octet-stream
                host: 0123.r2.cloudflarestorage.com
                if-none-match: *
                x-amz-content-sha256: UNSIGNED-PAYLOAD
                """,
                text(put).replaceAll("\\.joust-probe-[0-9a-f-]+", "NAME"));
    }

    @Test
    void r2GetsRangesTailsListingsAndBatches() throws IOException {
        Map<String, String> r2 = Map.of("endpoint", "https://0123.r2.cloudflarestorage.com");
        String object = "https://0123.r2.cloudflarestorage.com/photos/t/_versions/18446744073709551614.manifest\n";
        String rest = "host: 0123.r2.cloudflarestorage.com\n";
        SdkHttpRequest range = request("s3://photos/t", r2, RANGE);
        assertSigned(range, "auto", "s3");
        assertEquals("GET " + object + rest + "range: bytes=100-149\nx-amz-content-sha256: UNSIGNED-PAYLOAD\n", text(range));
        assertEquals(
                "GET " + object + rest + "range: bytes=-65536\nx-amz-content-sha256: UNSIGNED-PAYLOAD\n",
                text(request("s3://photos/t", r2, TAIL)));
        assertEquals(
                "GET https://0123.r2.cloudflarestorage.com/photos?list-type=2&delimiter=%2F&max-keys=32&prefix=t%2F_versions%2F\n"
                        + rest + "x-amz-content-sha256: UNSIGNED-PAYLOAD\n",
                text(request("s3://photos/t", r2, FIRST)));
        String batch = text(request("s3://photos/t", r2, DELETE_ALL));
        assertTrue(batch.startsWith("POST https://0123.r2.cloudflarestorage.com/photos?delete\n"), batch);
        assertTrue(batch.contains("content-md5: ") && !batch.contains("trailer"), batch); // a checksum of its own besides, as a header
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://photos/t region=eu-west-1",
                "s3://photos.of.mine/t region=cn-north-1",
                "s3://photos region=us-east-1 request_payer=true",
                "s3://photos/a%20b/%C3%BC+&= region=us-east-1 server_side_encryption=aws:kms sse_kms_key_id=KMS sse_bucket_key_enabled=true",
                "s3://photos/t region=us-east-1 session_token=TOKEN",
                "s3://photos/t region=us-east-1 skip_signature=true",
                "s3://photos/t region=eu-west-1 virtual_hosted_style_request=false",
                "s3://photos/t endpoint=https://0123.r2.cloudflarestorage.com",
                "s3://photos/t endpoint=https://minio.example:9000/base",
                "s3://photos/t endpoint=https://store.example virtual_hosted_style_request=true",
                "s3://photos/t endpoint=http://127.0.0.1:9000 allow_http=true virtual_hosted_style_request=true",
                "s3://photos/t endpoint=http://127.0.0.1:9000 allow_http=true"
            })
    void whatGoesWithoutTheSdksClientIsWhatItWouldSend(String how) throws IOException {
        String[] words = how.split(" ");
        Map<String, String> options = new HashMap<>();
        for (String word : List.of(words).subList(1, words.length)) {
            options.put(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
        }
        for (Call call : List.of(RANGE, TAIL, FIRST, HEAD, DELETE, PUT_IF_ABSENT, ALL)) {
            SdkHttpRequest expected = requestOfTheSdk(words[0], options, call);
            SdkHttpRequest direct = request(words[0], options, call);
            String name = "\\.joust-probe-[0-9a-f-]+";
            assertEquals(text(expected).replaceAll(name, "NAME"), text(direct).replaceAll(name, "NAME"));
            assertEquals(signed(expected), signed(direct));
        }
    }

    /// Who signs, and the names of the headers that are signed; ids of the call are the SDK's own.
    private static String signed(SdkHttpRequest request) {
        return request.firstMatchingHeader("Authorization")
                .map(text -> text.replaceAll("amz-sdk-(invocation-id|request);|, Signature=.*|[0-9]{8}/", ""))
                .orElse("unsigned");
    }

    @Test
    void amazonGetsTheBucketInTheHostsNameAndNoQuestionBeforeAPut() throws IOException {
        SdkHttpRequest put = request("s3://photos/t", Map.of("region", "eu-west-1"), PUT_IF_ABSENT);
        assertSigned(put, "eu-west-1", "s3");
        assertEquals(
                """
                PUT https://photos.s3.eu-west-1.amazonaws.com/t/_versions/18446744073709551614.manifest
                content-length: 3
                content-type: application/octet-stream
                host: photos.s3.eu-west-1.amazonaws.com
                if-none-match: *
                x-amz-content-sha256: UNSIGNED-PAYLOAD
                """,
                text(put));
    }

    @Test
    void encryptionAndRequesterPaysAreAskedForInHeaders() throws IOException {
        String put = text(request(
                "s3://photos/t",
                Map.of("region", "eu-west-1", "aws_server_side_encryption", "aws:kms", "aws_sse_kms_key_id", "KMS", "request_payer", "true"),
                PUT_IF_ABSENT));
        assertTrue(put.contains("x-amz-server-side-encryption: aws:kms\nx-amz-server-side-encryption-aws-kms-key-id: KMS\n"), put);
        assertTrue(put.contains("x-amz-request-payer: requester\n"), put);
    }

    @Test
    void withoutASignatureNothingIsSigned() throws IOException {
        S3Options options = S3Options.of(Map.of("aws_skip_signature", "true", "region", "us-west-2"), _ -> null);
        Recorder recorder = new Recorder();
        try (S3Connection connection = S3Connection.open(options, S3Clients.create(options, recorder))) {
            S3ObjectStore store = S3ObjectStore.over(new S3Address("open-data", ""), connection);
            assertThrows(Exception.class, () -> store.readAll(MANIFEST, 10));
        }
        assertFalse(recorder.requests.getFirst().headers().containsKey("Authorization"));
    }

    @Test
    void s3ExpressGetsASessionAndThenRequestsInItsName() throws IOException {
        try (TinyS3 service = new TinyS3()) {
            S3ObjectStore store = service.store(
                    "s3://photos--use1-az4--x-s3/t", Map.of("region", "us-east-1", "virtual_hosted_style_request", "true", "unsafe_commit", "true"));
            store.put(MANIFEST, new byte[] {1, 2, 3});
            List<TinyS3.Request> requests = service.requests;
            assertEquals(2, requests.size());
            assertEquals("GET", requests.getFirst().method());
            assertTrue(requests.getFirst().path().endsWith("?session"), requests.getFirst().path());
            assertTrue(requests.getFirst().headers().get("Authorization").contains("/us-east-1/s3express/"));
            TinyS3.Request put = requests.get(1);
            assertEquals("SESSIONSECRET", put.headers().get("x-amz-s3session-token"));
            assertTrue(put.path().endsWith("/t/" + MANIFEST), put.path());
            assertFalse(put.headers().containsKey("x-amz-sdk-checksum-algorithm"), put.headers()::toString);
            assertFalse(store.listsInOrder());
            store.close();
        }
    }
}

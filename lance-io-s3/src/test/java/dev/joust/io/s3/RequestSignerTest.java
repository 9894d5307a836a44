// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/// Signatures are those of the SDK's signer.
class RequestSignerTest {
    private static final long SEED = Long.getLong("joust.seed", 231_018_918);
    private static final int ROUNDS = 300;
    private static final List<SdkHttpMethod> METHODS = List.of(SdkHttpMethod.values());
    private static final String LETTERS = "abcXYZ019-_.~ /+%&=?#!$'()*,;:@ü漢";

    private static String text(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }



    private static SdkHttpRequest.Builder request(Random random) {
        String[] endpoints = {"https://photos.s3.eu-west-1.amazonaws.com", "http://127.0.0.1:9000/photos", "https://minio.example:9000/base/b"};
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(METHODS.get(random.nextInt(METHODS.size())))
                .uri(java.net.URI.create(endpoints[random.nextInt(endpoints.length)]));
        request.encodedPath(request.encodedPath() + "/" + SdkHttpUtils.urlEncodeIgnoreSlashes(text(random, 30)));
        for (int i = random.nextInt(4); i > 0; i--) {
            request.putRawQueryParameter("q" + random.nextInt(9), text(random, 10));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            request.putHeader("X-Some-" + random.nextInt(9), "a " + random.nextInt() + " b");
        }
        return request.putHeader("User-Agent", "joust").putHeader("Range", "bytes=0-" + random.nextInt(1 << 20));
    }

    private static SortedMap<String, String> headers(SdkHttpRequest request) {
        SortedMap<String, String> headers = new TreeMap<>();
        request.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
        return headers;
    }

    private static void compare(Random random, AwsCredentials credentials, Instant at, boolean isBodySigned) {
        SdkHttpRequest.Builder request = request(random);
        byte[] bytes = new byte[random.nextInt(20_000)];
        random.nextBytes(bytes);
        ContentStreamProvider body = ContentStreamProvider.fromByteArray(bytes);
        SdkHttpRequest expected = AwsV4HttpSigner.create()
                .sign(signing -> signing.identity(credentials)
                        .request(request.build())
                        .payload(isBodySigned ? body : null)
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(at, ZoneOffset.UTC))
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4FamilyHttpSigner.PAYLOAD_SIGNING_ENABLED, isBodySigned))
                .request();
        SdkHttpRequest actual = new RequestSigner(
                        StaticCredentialsProvider.create(credentials), "eu-west-1", () -> at)
                .sign(request, isBodySigned ? body : null);
        assertEquals(headers(expected), headers(actual), "-Djoust.seed=" + SEED);
        assertEquals(expected.getUri(), actual.getUri());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void signaturesAreThoseOfTheSdk(boolean isBodySigned) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            Instant at = Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000_000_000));
            AwsCredentials credentials = random.nextBoolean()
                    ? AwsBasicCredentials.create("AKID" + round, "secret/+" + round)
                    : AwsSessionCredentials.create("AKID", "secret", "token/+=" + round);
            compare(random, credentials, at, isBodySigned);
        }
    }

    @Test
    void aNewDayAndNewKeysAreNoticed() {
        Random random = new Random(SEED);
        var provider = new java.util.concurrent.atomic.AtomicReference<AwsCredentials>(AwsBasicCredentials.create("A", "one"));
        var now = new java.util.concurrent.atomic.AtomicReference<>(Instant.parse("2026-11-22T23:59:59Z"));
        RequestSigner signer = new RequestSigner(provider::get, "eu-west-1", now::get);
        SdkHttpRequest.Builder request = request(random);
        String first = signature(signer, request);
        assertEquals(first, signature(signer, request));
        now.set(Instant.parse("2026-11-23T00:00:00Z"));
        String second = signature(signer, request);
        provider.set(AwsBasicCredentials.create("A", "two"));
        String third = signature(signer, request);
        assertEquals(3, java.util.Set.of(first, second, third).size());
        assertEquals(third, signature(new RequestSigner(provider::get, "eu-west-1", now::get), request));
    }

    private static String signature(RequestSigner signer, SdkHttpRequest.Builder request) {
        return signer.sign(request.copy(), null).firstMatchingHeader("Authorization").orElseThrow();
    }
}

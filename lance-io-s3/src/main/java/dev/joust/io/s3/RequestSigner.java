// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/// Signs requests in their headers by AWS signature version 4, as the SDK's signer does for S3, without what that takes to be
/// loaded and, until it is compiled, to run. Thread-safe.
///
///     canonical request   method, path, sorted query, sorted headers, names of these, digest of the body: a line each
///     text to sign        algorithm, time, date/region/s3/aws4_request, digest of the canonical request
///     key                 HMAC of "aws4_request" by that of "s3" by that of the region by that of the date by "AWS4" + secret
final class RequestSigner {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    /// Those that may be changed on the way.
    private static final Set<String> UNSIGNED_HEADERS =
            Set.of("connection", "x-amzn-trace-id", "user-agent", "expect", "transfer-encoding", "x-forwarded-for");

    private final AwsCredentialsProvider credentials;
    private final String region;
    private final InstantSource clock;
    /// Of the day of the latest request.
    private volatile @Nullable DayKey dayKey;

    private record DayKey(String date, String secret, byte[] key) {
        /// Names no secret.
        @Override
        public String toString() {
            return "key of " + date;
        }
    }

    RequestSigner(AwsCredentialsProvider credentials, String region, InstantSource clock) {
        this.credentials = credentials;
        this.region = region;
        this.clock = clock;
    }

    /// @param signedContent the body, if its digest is to be signed
    SdkHttpRequest sign(SdkHttpRequest.Builder request, @Nullable ContentStreamProvider signedContent) {
        AwsCredentials identity = credentials.resolveCredentials();
        String time = time(clock.instant().atOffset(ZoneOffset.UTC));
        String date = time.substring(0, 8);
        String digest = signedContent == null ? UNSIGNED : digestOf(signedContent);
        request.putHeader("Host", host(request));
        request.putHeader("X-Amz-Date", time);
        request.putHeader("x-amz-content-sha256", digest);
        if (identity instanceof AwsSessionCredentials session) {
            request.putHeader("X-Amz-Security-Token", session.sessionToken().strip());
        }
        TreeMap<String, String> headers = new TreeMap<>();
        request.forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), canonical(values)));
        headers.keySet().removeAll(UNSIGNED_HEADERS);
        String names = String.join(";", headers.keySet());
        StringBuilder canonical = new StringBuilder(512);
        canonical.append(request.method().name()).append('\n');
        canonical.append(request.encodedPath().startsWith("/") ? "" : "/").append(request.encodedPath()).append('\n');
        appendQuery(request.rawQueryParameters(), canonical);
        canonical.append('\n');
        headers.forEach((name, value) ->
                canonical.append(name).append(':').append(value).append('\n'));
        canonical.append('\n').append(names).append('\n').append(digest);
        String scope = date + "/" + region + "/s3/aws4_request";
        String text = ALGORITHM + "\n" + time + "\n" + scope + "\n"
                + HexFormat.of().formatHex(sha256().digest(canonical.toString().getBytes(UTF_8)));
        String signature = HexFormat.of().formatHex(hmac(key(date, identity.secretAccessKey().strip()), text));
        request.putHeader(
                "Authorization",
                ALGORITHM + " Credential=" + identity.accessKeyId().strip() + "/" + scope + ", SignedHeaders=" + names
                        + ", Signature=" + signature);
        return request.build();
    }

    private static String host(SdkHttpRequest.Builder request) {
        return SdkHttpUtils.isUsingStandardPort(request.protocol(), request.port())
                ? request.host()
                : request.host() + ":" + request.port();
    }

    private static String time(OffsetDateTime at) {
        return String.format(Locale.ROOT, "%04d%02d%02d", at.getYear(), at.getMonthValue(), at.getDayOfMonth())
                + String.format(Locale.ROOT, "T%02d%02d%02dZ", at.getHour(), at.getMinute(), at.getSecond());
    }

    private static void appendQuery(Map<String, List<String>> parameters, StringBuilder to) {
        TreeMap<String, List<String>> sorted = new TreeMap<>();
        parameters.forEach((name, values) -> {
            List<String> encoded = new ArrayList<>();
            values.forEach(value -> encoded.add(value == null ? "" : SdkHttpUtils.urlEncode(value)));
            Collections.sort(encoded);
            sorted.put(SdkHttpUtils.urlEncode(name), encoded);
        });
        int start = to.length();
        sorted.forEach((name, values) -> values.forEach(value ->
                to.append(to.length() == start ? "" : "&").append(name).append('=').append(value)));
    }

    /// Values of a header, without the spaces around them and with one for several.
    private static String canonical(List<String> values) {
        String joined = String.join(",", values).strip();
        return joined.contains("  ") || joined.contains("\t") ? joined.replaceAll("\\s+", " ") : joined;
    }

    private byte[] key(String date, String secret) {
        DayKey known = dayKey;
        if (known != null && known.date.equals(date) && known.secret.equals(secret)) {
            return known.key;
        }
        byte[] key = hmac(("AWS4" + secret).getBytes(UTF_8), date);
        for (String part : List.of(region, "s3", "aws4_request")) {
            key = hmac(key, part);
        }
        dayKey = new DayKey(date, secret, key);
        return key;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has it", e);
        }
    }

    private static String digestOf(ContentStreamProvider content) {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[1 << 13];
        try (InputStream body = content.newStream()) {
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                digest.update(chunk, 0, count);
            }
        } catch (IOException e) {
            throw DirectRequests.unanswered(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.S3Utilities;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/// Requests as the SDK's client makes them, sent by its HTTP client. Failures are the SDK's exceptions. Thread-safe.
final class DirectRequests {
    private static final int MOST_ERROR_BYTES = 64 << 10;
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z0-9._-]{1,100})</Code>");

    private static final Pattern GLOBAL_HOST = Pattern.compile("(://(?:[^/]*\\.)?s3)\\.amazonaws\\.com");

    private final S3Options options;
    private final SdkHttpClient http;
    private final Region region;
    private final RequestSigner signer;
    private final Map<String, URI> buckets = new ConcurrentHashMap<>();

    DirectRequests(S3Options options, SdkHttpClient http, AwsCredentialsProvider credentials, Region region) {
        this.options = options;
        this.http = http;
        this.region = region;
        this.signer = new RequestSigner(credentials, region.id(), InstantSource.system());
    }

    /// Sends a request and waits for the head of its answer.
    ///
    /// @param key     of the object; null for the bucket
    /// @param query   by the names of parameters
    /// @param headers by their names
    /// @param content of the request; null for none
    /// @return an answer with good news, of which the body is to be closed
    HttpExecuteResponse send(
            SdkHttpMethod method,
            String bucket,
            @Nullable String key,
            Map<String, String> query,
            Map<String, String> headers,
            @Nullable ContentStreamProvider content,
            long contentLengthBytes) {
        SdkHttpRequest.Builder unsigned = SdkHttpRequest.builder().method(method).uri(buckets.computeIfAbsent(bucket, this::uri));
        if (key != null) {
            unsigned.encodedPath(unsigned.encodedPath() + "/" + SdkHttpUtils.urlEncodeIgnoreSlashes(key));
        }
        query.forEach(unsigned::putRawQueryParameter);
        headers.forEach(unsigned::putHeader);
        unsigned.putHeader("User-Agent", "joust");
        if (options.requesterPays()) {
            unsigned.putHeader("x-amz-request-payer", "requester");
        }
        if (content != null) {
            unsigned.putHeader("Content-Length", Long.toString(contentLengthBytes));
            unsigned.putHeader("Content-Type", "application/octet-stream");
        }
        HttpExecuteResponse answer = call(sign(unsigned, content), content);
        if (!answer.httpResponse().isSuccessful()) {
            throw refusal(answer);
        }
        return answer;
    }

    /// What a bucket's requests begin with.
    private URI uri(String bucket) {
        if (options.endpoint() != null && !options.virtualHostedStyle()) {
            String endpoint = options.endpoint().toString();
            return URI.create((endpoint.endsWith("/") ? endpoint : endpoint + "/") + bucket);
        }
        S3Utilities.Builder utilities = S3Utilities.builder()
                .region(region)
                .s3Configuration(S3Configuration.builder()
                        .pathStyleAccessEnabled(!options.virtualHostedStyle())
                        .build());
        if (options.endpoint() != null) {
            utilities.endpoint(options.endpoint());
        }
        String object = utilities.build().getUrl(url -> url.bucket(bucket).key("x")).toString();
        String uri = object.substring(0, object.length() - "/x".length());
        // the first region has no name there, and then stands for any
        return URI.create(GLOBAL_HOST.matcher(uri).replaceFirst("$1." + region.id() + ".amazonaws.com"));
    }

    /// What the SDK's model of a request puts into headers, by their names. Bucket and key are part of the path.
    static Map<String, String> headers(S3Request request) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (SdkField<?> field : request.sdkFields()) {
            Object value = field.getValueOrDefault(request);
            if (!(value instanceof String || value instanceof Integer || value instanceof Boolean)) {
                continue; // not given; a list or map that is none of the requests' we make
            }
            switch (field.location()) {
                case HEADER -> headers.put(field.locationName(), value.toString());
                case QUERY_PARAM, PATH, GREEDY_PATH, PAYLOAD, STATUS_CODE -> {}
            }
        }
        return headers;
    }

    private SdkHttpRequest sign(SdkHttpRequest.Builder request, @Nullable ContentStreamProvider content) {
        if (options.skipSignature()) {
            return request.build();
        }
        // who can change what goes over a plain connection must not be able to put another body in
        return signer.sign(request, "http".equals(request.protocol()) ? content : null);
    }

    private HttpExecuteResponse call(SdkHttpRequest request, @Nullable ContentStreamProvider content) {
        HttpExecuteRequest.Builder call = HttpExecuteRequest.builder().request(request);
        if (content != null) {
            call.contentStreamProvider(content);
        }
        try {
            return http.prepareRequest(call.build()).call();
        } catch (IOException e) {
            throw unanswered(e);
        }
    }

    /// As the SDK says it.
    static SdkClientException unanswered(IOException e) {
        return Thread.currentThread().isInterrupted()
                ? AbortedException.create("interrupted", e)
                : SdkClientException.create("no answer", e);
    }

    private static AwsServiceException refusal(HttpExecuteResponse answer) {
        String code = code(answer);
        return S3Exception.builder()
                .statusCode(answer.httpResponse().statusCode())
                .message("HTTP " + answer.httpResponse().statusCode() + " " + code)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .sdkHttpResponse(answer.httpResponse())
                        .build())
                .build();
    }

    /// What the body calls the failure; empty where there is none, or none that came whole.
    private static String code(HttpExecuteResponse answer) {
        try (InputStream body = answer.responseBody().orElseGet(AbortableInputStream::createEmpty)) {
            Matcher code = CODE.matcher(new String(body.readNBytes(MOST_ERROR_BYTES), UTF_8));
            return code.find() ? code.group(1) : "";
        } catch (IOException e) {
            return "";
        }
    }
}

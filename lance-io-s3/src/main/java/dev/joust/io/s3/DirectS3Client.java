// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Sends what reading and committing consist of without the pipeline of the SDK's own client: that takes half a second to be
/// loaded, and then, until it is compiled, milliseconds of processor time for each request, which is more than a small answer
/// from near by takes to come.
///
/// Uploads in parts, batches of deletes, and all of a bucket that needs more than a signature go through the SDK's client,
/// which is made when it is first needed: S3 Express with its sessions, buckets in another region, a clock that is wrong.
/// Other operations than those there are refused. Thread-safe.
final class DirectS3Client implements S3Client, ReadRequests {
    private final S3Options options;
    private final SdkHttpClient http;
    private final DirectRequests requests;
    private final Supplier<S3Client> maker;
    private final Set<String> bucketsWithNeeds = ConcurrentHashMap.newKeySet();
    private @Nullable S3Client whole;

    /// @param http  closed with this
    /// @param maker of the SDK's client
    DirectS3Client(S3Options options, SdkHttpClient http, DirectRequests requests, Supplier<S3Client> maker) {
        this.options = options;
        this.http = http;
        this.requests = requests;
        this.maker = maker;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public Answer get(String bucket, String key, @Nullable String range, @Nullable String ifMatch) {
        return either(
                bucket,
                () -> {
                    Map<String, String> headers = new LinkedHashMap<>();
                    if (range != null) {
                        headers.put("Range", range);
                    }
                    if (ifMatch != null) {
                        headers.put("If-Match", ifMatch);
                    }
                    HttpExecuteResponse answer = requests.send(SdkHttpMethod.GET, bucket, key, Map.of(), headers, null, 0);
                    SdkHttpResponse head = answer.httpResponse();
                    return new Answer(
                            contentLength(head), header(head, "Content-Range"), header(head, "ETag"), body(answer));
                },
                client -> new SdkReadRequests(client).get(bucket, key, range, ifMatch));
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
        return either(
                request.bucket(),
                () -> {
                    SdkHttpResponse answer = done(requests.send(SdkHttpMethod.HEAD, request.bucket(), request.key(), Map.of(), DirectRequests.headers(request), null, 0));
                    return HeadObjectResponse.builder()
                            .contentLength(contentLength(answer))
                            .lastModified(time(header(answer, "Last-Modified")))
                            .eTag(header(answer, "ETag"))
                            .build();
                },
                client -> client.headObject(request));
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody content) {
        return either(
                request.bucket(),
                () -> {
                    SdkHttpResponse answer = done(requests.send(
                            SdkHttpMethod.PUT, request.bucket(), request.key(), Map.of(), DirectRequests.headers(request), content.contentStreamProvider(),
                            content.optionalContentLength().orElseThrow()));
                    return PutObjectResponse.builder().eTag(header(answer, "ETag")).build();
                },
                client -> client.putObject(request, content));
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        return either(
                request.bucket(),
                () -> {
                    done(requests.send(SdkHttpMethod.DELETE, request.bucket(), request.key(), Map.of(), DirectRequests.headers(request), null, 0));
                    return DeleteObjectResponse.builder().build();
                },
                client -> client.deleteObject(request));
    }

    @Override
    public ListingPage list(ListRequest request) {
        return either(
                request.bucket(),
                () -> {
                    Map<String, String> query = new LinkedHashMap<>();
                    query.put("list-type", "2");
                    putIfThere(query, "continuation-token", request.continuation());
                    putIfThere(query, "delimiter", request.delimiter());
                    putIfThere(query, "max-keys", request.maxKeys());
                    query.put("prefix", request.prefix());
                    HttpExecuteResponse answer =
                            requests.send(SdkHttpMethod.GET, request.bucket(), null, query, Map.of(), null, 0);
                    try (InputStream body = body(answer)) {
                        return ListingXml.parse(body, answer.httpResponse());
                    } catch (IOException e) {
                        throw DirectRequests.unanswered(e);
                    }
                },
                client -> new SdkReadRequests(client).list(request));
    }

    private static void putIfThere(Map<String, String> query, String name, @Nullable Object value) {
        if (value != null) {
            query.put(name, value.toString());
        }
    }

    @Override
    public DeleteObjectsResponse deleteObjects(DeleteObjectsRequest request) {
        return whole().deleteObjects(request);
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(CreateMultipartUploadRequest request) {
        return whole().createMultipartUpload(request);
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody content) {
        return whole().uploadPart(request, content);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(CompleteMultipartUploadRequest request) {
        return whole().completeMultipartUpload(request);
    }

    @Override
    public AbortMultipartUploadResponse abortMultipartUpload(AbortMultipartUploadRequest request) {
        return whole().abortMultipartUpload(request);
    }

    private <T> T either(String bucket, Supplier<T> directly, Function<S3Client, T> otherwise) {
        if (!S3Address.isDirectoryBucket(bucket) && !bucketsWithNeeds.contains(bucket)) {
            try {
                return directly.get();
            } catch (AwsServiceException e) {
                if (!isForTheWhole(e)) {
                    throw e;
                }
                bucketsWithNeeds.add(bucket);
            }
        }
        return otherwise.apply(whole());
    }

    /// Whether the SDK's client knows what to do: it asks where the bucket is, and corrects the time that it signs.
    private boolean isForTheWhole(AwsServiceException e) {
        return switch (e.statusCode()) {
            case 301, 307 -> true;
            case 400 -> options.endpoint() == null && S3Failures.header(e, "x-amz-bucket-region").isPresent();
            case 403 -> S3Failures.code(e).equals("RequestTimeTooSkewed");
            default -> false;
        };
    }

    private synchronized S3Client whole() {
        S3Client present = whole;
        if (present == null) {
            present = maker.get();
            whole = present;
        }
        return present;
    }

    private static AbortableInputStream body(HttpExecuteResponse answer) {
        return answer.responseBody().orElseGet(AbortableInputStream::createEmpty);
    }

    /// Its body says nothing: the connection is free again.
    private static SdkHttpResponse done(HttpExecuteResponse answer) {
        try {
            body(answer).close();
        } catch (IOException e) {
            throw DirectRequests.unanswered(e);
        }
        return answer.httpResponse();
    }

    private static @Nullable String header(SdkHttpResponse answer, String name) {
        return answer.firstMatchingHeader(name).orElse(null);
    }

    private static @Nullable Long contentLength(SdkHttpResponse answer) {
        String text = header(answer, "Content-Length");
        return text == null || !text.matches("[0-9]{1,18}") ? null : Long.valueOf(text);
    }

    private static @Nullable Instant time(@Nullable String text) {
        try {
            return text == null ? null : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public void close() {
        S3Client made;
        synchronized (this) {
            made = whole;
        }
        if (made != null) {
            made.close();
        }
        http.close();
    }
}

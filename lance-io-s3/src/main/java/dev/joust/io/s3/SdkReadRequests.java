// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/// By the SDK's client. Thread-safe.
record SdkReadRequests(S3Client client) implements ReadRequests {
    /// As {@link ResponseTransformer#toInputStream}, without its watch for bodies that nobody reads.
    private static final ResponseTransformer<GetObjectResponse, ResponseInputStream<GetObjectResponse>> OPEN_BODY =
            new ResponseTransformer<>() {
                @Override
                public ResponseInputStream<GetObjectResponse> transform(GetObjectResponse head, AbortableInputStream body) {
                    return new ResponseInputStream<>(head, body, Duration.ZERO);
                }

                @Override
                public boolean needsConnectionLeftOpen() {
                    return true;
                }
            };

    @Override
    public Answer get(String bucket, String key, @Nullable String range, @Nullable String ifMatch) {
        ResponseInputStream<GetObjectResponse> body = client.getObject(
                GetObjectRequest.builder()
                        .bucket(bucket)
                        .key(key)
                        .range(range)
                        .ifMatch(ifMatch)
                        .build(),
                OPEN_BODY);
        GetObjectResponse head = body.response();
        return new Answer(
                head.contentLength(), head.contentRange(), head.eTag(), AbortableInputStream.create(body, body));
    }

    @Override
    public ListingPage list(ListRequest request) {
        ListObjectsV2Response page = client.listObjectsV2(ListObjectsV2Request.builder()
                .bucket(request.bucket())
                .prefix(request.prefix())
                .delimiter(request.delimiter())
                .maxKeys(request.maxKeys())
                .continuationToken(request.continuation())
                .build());
        return new ListingPage(
                page.contents().stream()
                        .map(object -> new ListingPage.Listed(
                                object.key(), object.size(), object.lastModified(), object.eTag()))
                        .toList(),
                page.commonPrefixes().stream().map(CommonPrefix::prefix).toList(),
                Boolean.TRUE.equals(page.isTruncated()),
                page.nextContinuationToken(),
                page.sdkHttpResponse());
    }
}

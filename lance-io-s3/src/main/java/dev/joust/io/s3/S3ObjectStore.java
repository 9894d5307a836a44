// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.AdaptiveRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

import dev.joust.io.ObjectMeta;
import dev.joust.io.ObjectPath;
import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectTail;
import dev.joust.io.ObjectWriter;
import dev.joust.io.ReadStats;
import dev.joust.io.internal.StoreCounters;

/// A bucket's objects below one prefix. Thread-safe.
///
/// {@link #putIfAbsent} is `PUT` with `If-None-Match: *`, decided by the service; the SDK may repeat a request whose
/// answer was lost, so `false` can also mean that our own first try won: who must know reads the object back.
public final class S3ObjectStore implements ObjectStore {
    private static final int HTTP_NOT_FOUND = 404;
    private static final int HTTP_CONFLICT = 409;
    private static final int HTTP_PRECONDITION_FAILED = 412;
    private static final int HTTP_RANGE_NOT_SATISFIABLE = 416;
    private static final int CONNECTION_COUNT = 64;
    private static final int READ_CHUNK_BYTES = 64 << 10;

    private final URI root;
    private final String bucket;
    private final String prefix;
    private final S3Client client;
    private final boolean directoryBucket;
    private final StoreCounters counters;

    private final boolean ownsClient;

    private S3ObjectStore(
            URI root, String bucket, String prefix, S3Client client, boolean ownsClient, StoreCounters counters) {
        this.counters = counters;
        this.ownsClient = ownsClient;
        this.root = root;
        this.bucket = bucket;
        this.prefix = prefix;
        this.client = client;
        this.directoryBucket = bucket.endsWith("--x-s3");
    }

    static S3ObjectStore open(URI uri, S3Options options) {
        return at(uri, () -> client(options), true, new StoreCounters());
    }

    private static S3ObjectStore at(
            URI uri, Supplier<S3Client> client, boolean ownsClient, StoreCounters counters) {
        String bucket = uri.getAuthority();
        if (bucket == null || bucket.isEmpty()) {
            throw new IllegalArgumentException("expected s3://BUCKET/PREFIX, not '" + uri + "'");
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        while (path.startsWith("/")) {
            path = path.substring(1);
        }
        while (path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return new S3ObjectStore(uri, bucket, ObjectPath.of(path).value(), client.get(), ownsClient, counters);
    }

    private static S3Client client(S3Options options) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder()
                        .maxConnections(CONNECTION_COUNT)
                        .connectionTimeout(Duration.ofSeconds(5))
                        .socketTimeout(Duration.ofSeconds(30)))
                .credentialsProvider(credentials(options))
                .forcePathStyle(!options.virtualHostedStyle())
                // services that speak S3 know no trailing checksums
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(configuration -> configuration
                        .apiCallTimeout(Duration.ofMinutes(2))
                        .retryStrategy(AdaptiveRetryStrategy.builder().maxAttempts(6).build()));
        if (options.endpoint() != null) {
            builder.endpointOverride(options.endpoint());
            builder.region(Region.of(options.region() == null ? "us-east-1" : options.region()));
        } else if (options.region() != null) {
            builder.region(Region.of(options.region()));
        }
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(S3Options options) {
        if (options.skipSignature()) {
            return AnonymousCredentialsProvider.create();
        }
        if (options.accessKeyId() == null || options.secretAccessKey() == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        return StaticCredentialsProvider.create(options.sessionToken() == null
                ? AwsBasicCredentials.create(options.accessKeyId(), options.secretAccessKey())
                : AwsSessionCredentials.create(options.accessKeyId(), options.secretAccessKey(), options.sessionToken()));
    }

    @Override
    public URI root() {
        return root;
    }

    @Override
    public ObjectMeta head(ObjectPath path) throws IOException {
        counters.head();
        try {
            HeadObjectResponse answer = client.headObject(request -> request.bucket(bucket).key(key(path)));
            return new ObjectMeta(path, answer.contentLength(), answer.lastModified(), answer.eTag());
        } catch (SdkException e) {
            throw failure("head", path, e);
        }
    }

    @Override
    public void read(ObjectPath path, long offsetInFile, MemorySegment target) throws IOException {
        if (offsetInFile < 0) {
            throw new IllegalArgumentException("offset " + offsetInFile);
        }
        if (target.byteSize() == 0) {
            long sizeBytes = head(path).sizeBytes(); // no range is empty: whether the object reaches so far is all there is
            if (offsetInFile > sizeBytes) {
                throw pastEnd(path, offsetInFile, 0, "0");
            }
            return;
        }
        counters.get();
        try (ResponseInputStream<GetObjectResponse> body =
                get(path, "bytes=" + offsetInFile + "-" + (offsetInFile + target.byteSize() - 1))) {
            long count = fill(body, target);
            counters.read(count);
            if (count < target.byteSize()) {
                throw pastEnd(path, offsetInFile, target.byteSize(), Long.toString(count));
            }
        } catch (S3Exception e) {
            if (e.statusCode() == HTTP_RANGE_NOT_SATISFIABLE) {
                throw pastEnd(path, offsetInFile, target.byteSize(), "0");
            }
            throw failure("get", path, e);
        } catch (SdkException e) {
            throw failure("get", path, e);
        }
    }

    @Override
    public ObjectTail readTail(ObjectPath path, int maxSizeBytes, SegmentAllocator allocator) throws IOException {
        if (maxSizeBytes == 0) {
            return new ObjectTail(head(path).sizeBytes(), allocator.allocate(0));
        }
        counters.get();
        try (ResponseInputStream<GetObjectResponse> body = get(path, "bytes=-" + maxSizeBytes)) {
            long sizeBytes = Math.min(maxSizeBytes, body.response().contentLength());
            MemorySegment tail = allocator.allocate(sizeBytes);
            long count = fill(body, tail.asSlice(0, sizeBytes));
            counters.read(count);
            if (count < sizeBytes) {
                throw new EOFException(path + ": the answer ended after " + count + " of " + sizeBytes + " bytes");
            }
            return new ObjectTail(objectSize(body.response()), tail.asSlice(0, sizeBytes));
        } catch (S3Exception e) {
            if (e.statusCode() == HTTP_RANGE_NOT_SATISFIABLE) {
                return new ObjectTail(0, allocator.allocate(0)); // a suffix of an empty object
            }
            throw failure("get", path, e);
        } catch (SdkException e) {
            throw failure("get", path, e);
        }
    }

    @Override
    public byte[] readAll(ObjectPath path, int maxSizeBytes) throws IOException {
        counters.get();
        try (ResponseInputStream<GetObjectResponse> body = get(path, null)) {
            long sizeBytes = body.response().contentLength();
            if (sizeBytes > maxSizeBytes) {
                body.abort();
                throw new IOException(path + ": " + sizeBytes + " bytes, at most " + maxSizeBytes + " expected");
            }
            byte[] bytes = body.readNBytes((int) sizeBytes);
            counters.read(bytes.length);
            if (bytes.length < sizeBytes) {
                throw new EOFException(path + ": the answer ended after " + bytes.length + " of " + sizeBytes + " bytes");
            }
            return bytes;
        } catch (SdkException e) {
            throw failure("get", path, e);
        }
    }

    @Override
    public List<ObjectMeta> list(ObjectPath folder) throws IOException {
        List<ObjectMeta> found = new ArrayList<>();
        String continuation = null;
        do {
            ListObjectsV2Response page = listPage(folder, null, continuation);
            page.contents().forEach(object -> {
                if (!object.key().endsWith("/")) {
                    found.add(meta(object));
                }
            });
            continuation = page.nextContinuationToken();
        } while (continuation != null);
        if (directoryBucket) {
            found.sort(Comparator.comparing(ObjectMeta::path));
        }
        return found;
    }

    @Override
    public Optional<ObjectMeta> firstObject(ObjectPath folder, Predicate<String> wanted) throws IOException {
        int start = folderPrefix(folder).length();
        return listPage(folder, "/", null).contents().stream()
                .filter(object -> object.key().length() > start && wanted.test(object.key().substring(start)))
                .map(this::meta)
                .min(Comparator.comparing(ObjectMeta::path));
    }

    @Override
    public List<String> listNames(ObjectPath folder) throws IOException {
        TreeSet<String> names = new TreeSet<>(ObjectPath::compareNames);
        int start = folderPrefix(folder).length();
        String continuation = null;
        do {
            ListObjectsV2Response page = listPage(folder, "/", continuation);
            page.contents().forEach(object -> names.add(object.key().substring(start)));
            page.commonPrefixes().forEach(common -> names.add(common.prefix().substring(start, common.prefix().length() - 1)));
            continuation = page.nextContinuationToken();
        } while (continuation != null);
        names.remove("");
        return List.copyOf(names);
    }

    @Override
    public void put(ObjectPath path, byte[] bytes) throws IOException {
        requireName(path);
        counters.put();
        try {
            client.putObject(request -> request.bucket(bucket).key(key(path)), RequestBody.fromBytes(bytes));
            counters.wrote(bytes.length);
        } catch (SdkException e) {
            throw failure("put", path, e);
        }
    }

    @Override
    public boolean putIfAbsent(ObjectPath path, byte[] bytes) throws IOException {
        requireName(path);
        counters.put();
        try {
            client.putObject(
                    request -> request.bucket(bucket).key(key(path)).ifNoneMatch("*"), RequestBody.fromBytes(bytes));
            counters.wrote(bytes.length);
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == HTTP_PRECONDITION_FAILED || e.statusCode() == HTTP_CONFLICT) {
                return false; // 409: another conditional put was under way at the same moment
            }
            throw failure("put", path, e);
        } catch (SdkException e) {
            throw failure("put", path, e);
        }
    }

    @Override
    public ObjectWriter create(ObjectPath path) {
        requireName(path);
        return new S3ObjectWriter(client, counters, bucket, key(path));
    }

    @Override
    public void delete(ObjectPath path) throws IOException {
        counters.delete();
        try {
            client.deleteObject(request -> request.bucket(bucket).key(key(path)));
        } catch (SdkException e) {
            throw failure("delete", path, e);
        }
    }

    /// Byte order, except in S3 Express.
    @Override
    public boolean listsInOrder() {
        return !directoryBucket;
    }

    @Override
    public ReadStats stats() {
        return counters.stats();
    }

    @Override
    public Optional<ObjectStore> sibling(String uriOrPath) {
        if (!uriOrPath.startsWith("s3://")) {
            return Optional.empty();
        }
        return Optional.of(at(URI.create(uriOrPath), () -> client, false, counters));
    }

    @Override
    public void close() {
        if (ownsClient) {
            client.close();
        }
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private ResponseInputStream<GetObjectResponse> get(ObjectPath path, @Nullable String range) {
        GetObjectRequest.Builder request = GetObjectRequest.builder().bucket(bucket).key(key(path));
        if (range != null) {
            request.range(range);
        }
        return client.getObject(request.build(), ResponseTransformer.toInputStream());
    }

    private ListObjectsV2Response listPage(
            ObjectPath folder,
            @Nullable String delimiter,
            @Nullable String continuation)
            throws IOException {
        counters.list();
        try {
            return client.listObjectsV2(ListObjectsV2Request.builder()
                    .bucket(bucket)
                    .prefix(folderPrefix(folder))
                    .delimiter(delimiter)
                    .continuationToken(continuation)
                    .build());
        } catch (SdkException e) {
            throw failure("list", folder, e);
        }
    }

    private static long fill(InputStream body, MemorySegment target) throws IOException {
        byte[] chunk = new byte[(int) Math.min(READ_CHUNK_BYTES, target.byteSize())];
        long position = 0;
        while (position < target.byteSize()) {
            int count = body.read(chunk, 0, (int) Math.min(chunk.length, target.byteSize() - position));
            if (count < 0) {
                break;
            }
            MemorySegment.copy(chunk, 0, target, ValueLayout.JAVA_BYTE, position, count);
            position += count;
        }
        return position;
    }

    private static long objectSize(GetObjectResponse answer) {
        String range = answer.contentRange(); // bytes 10-19/20; absent where the service sent the whole object
        return range == null ? answer.contentLength() : Long.parseLong(range.substring(range.indexOf('/') + 1));
    }

    private static EOFException pastEnd(ObjectPath path, long offsetInFile, long wantedBytes, String found) {
        return new EOFException(path + " @ " + offsetInFile + ": " + wantedBytes + " bytes wanted, " + found + " there");
    }

    private static void requireName(ObjectPath path) {
        if (path.equals(ObjectPath.ROOT)) {
            throw new IllegalArgumentException("an object needs a name");
        }
    }

    private String key(ObjectPath path) {
        return prefix.isEmpty() ? path.value() : path.value().isEmpty() ? prefix : prefix + "/" + path.value();
    }

    private String folderPrefix(ObjectPath folder) {
        String key = key(folder);
        return key.isEmpty() ? "" : key + "/";
    }

    private ObjectMeta meta(S3Object object) {
        return new ObjectMeta(path(object.key()), object.size(), object.lastModified(), object.eTag());
    }

    private ObjectPath path(String key) {
        return ObjectPath.of(prefix.isEmpty() ? key : key.substring(prefix.length() + 1));
    }

    /// What the service said, without what was sent: no signature, header or key gets into a message.
    private IOException failure(String operation, ObjectPath path, SdkException e) {
        String where = "s3://" + bucket + "/" + key(path);
        if (e instanceof S3Exception answer) {
            String code = answer.awsErrorDetails() == null ? "" : " " + answer.awsErrorDetails().errorCode();
            if (answer.statusCode() == HTTP_NOT_FOUND) {
                return new NoSuchFileException(path.value(), null, where + ":" + (code.isEmpty() ? " not found" : code));
            }
            if (answer.statusCode() == 401 || answer.statusCode() == 403) {
                return new AccessDeniedException(where, null, operation + ": HTTP " + answer.statusCode() + code);
            }
            return new IOException(where + ": " + operation + ": HTTP " + answer.statusCode() + code);
        }
        Throwable cause = e.getCause();
        return new IOException(where + ": " + operation + ": " + (cause == null ? e.getMessage() : cause.toString()));
    }
}

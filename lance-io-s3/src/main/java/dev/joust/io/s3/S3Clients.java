// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/// Sets up clients so that every service that speaks S3 understands what they send:
///
///     no retries of the SDK's    Retries does them, and counts each attempt
///     no Expect: 100-continue    it costs a round trip per put
///     no aws-chunked bodies      several services know none; bodies are short, and have a Content-Length
///     checksums when required    R2 and others know no trailing ones; for batch deletes Content-MD5, which all know
final class S3Clients {
    private static final int CONNECTION_COUNT = 256;
    private static final Duration CONNECTION_WAIT = Duration.ofMinutes(2);
    private static final Duration CONNECTION_IDLE = Duration.ofSeconds(30);

    private S3Clients() {}

    static S3Client create(S3Options options) {
        return create(options, http(options));
    }

    /// @param http closed with the client
    static S3Client create(S3Options options, SdkHttpClient http) {
        AwsCredentialsProvider credentials = credentials(options);
        Region region = region(options);
        return new DirectS3Client(
                options,
                http,
                new DirectRequests(options, http, credentials, region),
                () -> whole(options, http, credentials, region));
    }

    private static SdkHttpClient http(S3Options options) {
        Apache5HttpClient.Builder builder = Apache5HttpClient.builder()
                .maxConnections(CONNECTION_COUNT)
                .connectionAcquisitionTimeout(CONNECTION_WAIT)
                .connectionMaxIdleTime(CONNECTION_IDLE)
                .connectionTimeout(options.connectTimeout())
                .expectContinueEnabled(false)
                .tcpKeepAlive(true)
                .socketTimeout(options.timeout());
        if (options.endpoint() != null && "http".equals(options.endpoint().getScheme())) {
            builder.tlsSocketStrategy(S3Clients::upgrade);
        }
        return builder.build();
    }

    /// To TLS: perhaps a proxy asks for it, but most that are reached without never need what it takes to be set up, which is half
    /// of what a client takes.
    private static SSLSocket upgrade(
            Socket socket, String target, int port, Object attachment, HttpContext context) throws IOException {
        return DefaultClientTlsStrategy.createSystemDefault().upgrade(socket, target, port, attachment, context);
    }

    /// The SDK's own client.
    ///
    /// @param http stays the caller's
    static S3Client whole(S3Options options, SdkHttpClient http, AwsCredentialsProvider credentials, Region region) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(http)
                .credentialsProvider(credentials)
                .region(region)
                .crossRegionAccessEnabled(options.endpoint() == null)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(!options.virtualHostedStyle())
                        .chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .build())
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .addPlugin(LegacyMd5Plugin.create())
                .overrideConfiguration(configuration -> {
                    configuration.retryStrategy(DefaultRetryStrategy.doNotRetry());
                    configuration.putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "joust");
                    if (options.requesterPays()) {
                        configuration.putHeader("x-amz-request-payer", "requester");
                    }
                });
        if (options.endpoint() != null) {
            builder.endpointOverride(options.endpoint());
        }
        return builder.build();
    }

    /// Who signs; for several clients the same.
    static AwsCredentialsProvider credentials(S3Options options) {
        if (options.skipSignature()) {
            return AnonymousCredentialsProvider.create();
        }
        S3Options.Keys keys = options.keys();
        if (keys == null) {
            return DefaultCredentialsProvider.builder().build();
        }
        return StaticCredentialsProvider.create(keys.sessionToken() == null
                ? AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey())
                : AwsSessionCredentials.create(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()));
    }

    /// The given one, or the profile's; else any, from which Amazon's service says where the bucket is.
    static Region region(S3Options options) {
        if (options.region() != null) {
            return Region.of(options.region());
        }
        try {
            Region found = new AwsRegionProviderChain(new SystemSettingsRegionProvider(), new AwsProfileRegionProvider()).getRegion();
            return found == null ? Region.US_EAST_1 : found;
        } catch (RuntimeException e) { // no profile, or none that says a region
            return Region.US_EAST_1;
        }
    }
}

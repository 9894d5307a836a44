// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3OptionsTest {
    private static S3Options options(Map<String, String> given, Map<String, String> environment) {
        return S3Options.of(given, environment::get);
    }

    private static String refusal(Map<String, String> given) {
        return assertThrows(IllegalArgumentException.class, () -> options(given, Map.of())).getMessage();
    }

    @Test
    void namesAreTakenWithAndWithoutTheirPrefixInAnyCase() {
        S3Options options = options(
                Map.of("aws_region", "eu-west-1", "access_key_id", "ID", "AWS_SECRET_ACCESS_KEY", "SECRET", "aws_session_token", "T"),
                Map.of());
        assertEquals("eu-west-1", options.region());
        assertEquals(new S3Options.Keys("ID", "SECRET", "T"), options.keys());
    }

    @Test
    void anOptionWinsOverTheEnvironment() {
        S3Options options = options(Map.of("region", "a"), Map.of("AWS_REGION", "b", "AWS_ENDPOINT", "https://e.example"));
        assertEquals("a", options.region());
        assertEquals(URI.create("https://e.example"), options.endpoint());
        assertFalse(options.virtualHostedStyle());
        assertTrue(options(Map.of(), Map.of()).virtualHostedStyle());
    }

    @Test
    void keysOfTheEnvironmentAreLeftToTheSdkAndNeverMixedWithGivenOnes() {
        Map<String, String> environment =
                Map.of("AWS_ACCESS_KEY_ID", "E", "AWS_SECRET_ACCESS_KEY", "ES", "AWS_SESSION_TOKEN", "ET");
        assertNull(options(Map.of(), environment).keys());
        assertEquals(
                new S3Options.Keys("G", "GS", null),
                options(Map.of("access_key_id", "G", "secret_access_key", "GS"), environment).keys());
        assertTrue(refusal(Map.of("access_key_id", "G")).contains("without aws_secret_access_key"));
        assertTrue(refusal(Map.of("aws_secret_access_key", "GS")).contains("without aws_access_key_id"));
    }

    @Test
    void plainHttpIsRefusedUnlessAllowed() {
        assertTrue(refusal(Map.of("endpoint", "http://localhost:1")).contains("allow_http"));
        assertNotNull(options(Map.of("endpoint", "http://localhost:1"), Map.of("AWS_ALLOW_HTTP", "true")).endpoint());
        assertNotNull(options(Map.of("endpoint", "http://localhost:1", "aws_allow_http", "TRUE"), Map.of()).endpoint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:9000", "ftp://x", "https://", "http//x", "https://a b", "nonsense"})
    void anEndpointThatIsNoneIsRefused(String endpoint) {
        assertTrue(refusal(Map.of("endpoint", endpoint, "allow_http", "true")).contains("https://HOST"));
    }

    @Test
    void anEndpointWithAKeyInItIsRefusedWithoutPrintingIt() {
        String message = refusal(Map.of("endpoint", "https://AKIDX:SECRETX@e.example"));
        assertFalse(message.contains("SECRETX") || message.contains("AKIDX"), message);
    }

    @Test
    void theRegionOfR2IsAutoAndOfOtherEndpointsAny() {
        assertEquals("auto", options(Map.of("endpoint", "https://0123.r2.cloudflarestorage.com"), Map.of()).region());
        assertEquals("us-east-1", options(Map.of("endpoint", "https://e.example"), Map.of()).region());
        assertEquals("x", options(Map.of("endpoint", "https://e.example", "default_region", "x"), Map.of()).region());
        assertNull(options(Map.of(), Map.of()).region());
    }

    /// As the reference does; it logs a warning.
    @Test
    void anUnknownNameIsIgnored() {
        assertNull(options(Map.of("aws_regoin", "x"), Map.of()).region());
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws_sse_customer_key_base64", "allow_invalid_certificates", "proxy_url", "aws_role_arn"})
    void whatTheReferenceOffersAndThisDoesNotIsRefusedByName(String name) {
        assertTrue(refusal(Map.of(name, "x")).contains(name));
    }

    @ParameterizedTest
    @CsvSource({"30s,30000", "5 seconds,5000", "500ms,500", "1m 30s,90000", "2 min,120000", "1m30s,90000"})
    void durationsAreReadAsTheReferenceReadsThem(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), options(Map.of("timeout", text), Map.of()).timeout());
        assertEquals(Duration.ofMillis(millis), options(Map.of("connect_timeout", text), Map.of()).connectTimeout());
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "5", "", "-5s", "5s x", "0s", "1e9s", "999999999h", "5 s 3"})
    void whatIsNoDurationIsRefusedByName(String text) {
        assertTrue(refusal(Map.of("timeout", text)).contains("timeout"));
    }

    @Test
    void whatIsNoFlagOrNumberIsRefusedByName() {
        assertTrue(refusal(Map.of("aws_virtual_hosted_style_request", "maybe")).contains("virtual_hosted_style_request"));
        assertTrue(refusal(Map.of("client_max_retries", "-1")).contains("client_max_retries"));
        assertEquals(3, options(Map.of("client_max_retries", "3"), Map.of()).maxRetries());
        assertEquals(7, options(Map.of(), Map.of("OBJECT_STORE_CLIENT_MAX_RETRIES", "7")).maxRetries());
    }

    @Test
    void noSecretIsPrinted() {
        S3Options options =
                options(Map.of("access_key_id", "AKIDX", "secret_access_key", "SECRETX", "session_token", "TOKENX"), Map.of());
        assertFalse((options + " " + options.keys()).matches(".*(AKIDX|SECRETX|TOKENX).*"));
    }
}

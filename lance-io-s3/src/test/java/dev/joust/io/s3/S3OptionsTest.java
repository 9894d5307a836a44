// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.Map;

import org.junit.jupiter.api.Test;

class S3OptionsTest {
    private static S3Options options(Map<String, String> given, Map<String, String> environment) {
        return S3Options.of(given, environment::get);
    }

    @Test
    void namesAreTakenWithAndWithoutTheirPrefix() {
        S3Options options = options(Map.of("aws_region", "eu-west-1", "access_key_id", "ID", "AWS_SECRET_ACCESS_KEY", "SECRET"), Map.of());
        assertEquals("eu-west-1", options.region());
        assertEquals("ID", options.accessKeyId());
        assertEquals("SECRET", options.secretAccessKey());
    }

    @Test
    void anOptionWinsOverTheEnvironment() {
        S3Options options = options(Map.of("region", "a"), Map.of("AWS_REGION", "b", "AWS_ENDPOINT", "https://e.example"));
        assertEquals("a", options.region());
        assertEquals(URI.create("https://e.example"), options.endpoint());
        assertFalse(options.virtualHostedStyle());
    }

    @Test
    void plainHttpIsRefusedUnlessAllowed() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> options(Map.of("endpoint", "http://localhost:1"), Map.of()))
                .getMessage().contains("allow_http"));
        assertTrue(options(Map.of("endpoint", "http://localhost:1"), Map.of("AWS_ALLOW_HTTP", "true")).allowHttp());
    }

    @Test
    void anUnknownNameIsRefusedByName() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> options(Map.of("aws_regoin", "x"), Map.of()))
                .getMessage().contains("aws_regoin"));
    }

    @Test
    void noSecretIsPrinted() {
        assertFalse(options(Map.of("access_key_id", "AKIDX", "secret_access_key", "SECRETX", "session_token", "TOKENX"), Map.of())
                .toString().matches(".*(AKIDX|SECRETX|TOKENX).*"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.joust.io.ObjectPath;

class S3AddressTest {
    @ParameterizedTest
    @CsvSource({
        "s3://b, b, ''", "s3://b/, b, ''", "s3://b/a/t.lance, b, a/t.lance", "s3://b/a/, b, a", "s3://b.c_d-e//a, b.c_d-e, a",
        "s3://b/with%20space/100%25, b, with space/100%"
    })
    void bucketAndPrefixAreTakenFromTheUri(String uri, String bucket, String prefix) {
        assertEquals(new S3Address(bucket, prefix), S3Address.of(URI.create(uri)));
        assertEquals(new S3Address(bucket, prefix), S3Address.of(new S3Address(bucket, prefix).uri()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3:///a", "s3://key:secret@bucket/a", "s3://bucket:9000/a", "s3://b/a?version=1", "s3://b/a#x", "s3://b/../c"})
    void whatIsNoAddressIsRefusedWithoutPrintingAKeyInIt(String uri) {
        String message = assertThrows(IllegalArgumentException.class, () -> S3Address.of(URI.create(uri))).getMessage();
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void bucketsOfS3ExpressAreKnownByTheirNames() {
        assertTrue(new S3Address("photos--use1-az4--x-s3", "a").isDirectoryBucket());
        assertFalse(new S3Address("photos", "a--x-s3").isDirectoryBucket());
    }

    @Test
    void keysAreBelowThePrefix() {
        S3Address address = new S3Address("b", "db/t.lance");
        assertEquals("db/t.lance/data/1", address.key(ObjectPath.of("data/1")));
        assertEquals("db/t.lance/data/", address.folderPrefix(ObjectPath.of("data")));
        assertEquals("db/t.lance/", address.folderPrefix(ObjectPath.ROOT));
        assertEquals("", new S3Address("b", "").folderPrefix(ObjectPath.ROOT));
        assertEquals("data/1", address.relative("db/t.lance/data/1"));
    }
}

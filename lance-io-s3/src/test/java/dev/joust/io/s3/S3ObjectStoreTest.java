// SPDX-License-Identifier: Apache-2.0
package dev.joust.io.s3;

import java.net.URI;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import dev.joust.io.ObjectStore;
import dev.joust.io.ObjectStoreContract;

/// The contract on a real server, named by `-Djoust.s3.endpoint=http://host:port` with a bucket `joust-test` and the
/// key `test`/`test-secret`; `.ci/run` starts one.
@EnabledIfSystemProperty(named = "joust.s3.endpoint", matches = "http.*")
class S3ObjectStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore openEmptyStore() {
        Map<String, String> options = Map.of(
                "endpoint", System.getProperty("joust.s3.endpoint"),
                "allow_http", "true",
                "region", "us-east-1",
                "access_key_id", "test",
                "secret_access_key", "test-secret");
        return S3ObjectStore.open(
                URI.create("s3://joust-test/" + UUID.randomUUID()), S3Options.of(options, name -> null));
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

/// What `--data` names.
final class DataFolder {
    private DataFolder() {}

    /// Refuses places that this version cannot keep pictures in.
    static void check(String uri) {
        if (uri.startsWith("s3:")) {
            throw UsageException.notAvailable("--data " + uri + ": S3");
        }
    }
}

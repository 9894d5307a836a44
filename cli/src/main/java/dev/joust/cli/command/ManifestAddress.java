// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.util.Optional;
import java.util.OptionalLong;

import dev.joust.format.table.ManifestNaming;

/// A version of a table as its manifest file names it: `TABLE/_versions/NAME.manifest`.
final class ManifestAddress {
    private static final String FOLDER = "/_versions/";

    private ManifestAddress() {}

    /// The version that the file is of; any other text as {@link TableAddress#parse} has it.
    static TableAddress of(String text, Optional<String> atOption) {
        int folder = text.lastIndexOf(FOLDER);
        OptionalLong version = folder < 0
                ? OptionalLong.empty()
                : ManifestNaming.versionOf(text.substring(folder + FOLDER.length()));
        if (version.isEmpty()) {
            return TableAddress.parse(text, atOption);
        }
        if (atOption.isPresent()) {
            throw new UsageException("the version is given twice, by the file and by --at");
        }
        return new TableAddress(text.substring(0, folder), Optional.of(Long.toString(version.getAsLong())));
    }
}

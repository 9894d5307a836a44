// SPDX-License-Identifier: Apache-2.0
package dev.joust.architecture;

import java.nio.file.Files;
import java.nio.file.Path;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

/// The classes of all modules, tests left out, and the folder they were built from.
final class ProductClasses {
    static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.joust");

    private ProductClasses() {}

    static Path repositoryRoot() {
        String property = System.getProperty("joust.repository.root");
        Path folder = Path.of(property == null ? "" : property).toAbsolutePath();
        while (!Files.exists(folder.resolve("ARCHITECTURE.md"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("no ARCHITECTURE.md above " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }
}

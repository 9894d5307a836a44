// SPDX-License-Identifier: Apache-2.0
package dev.joust.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/// What the documents name exists.
class DocumentsTest {
    /// A type's name in back-ticks: upper case first, a lower-case letter in it, nothing but letters and digits.
    private static final Pattern TYPE_NAME = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\\)");

    @Test
    void everyClassThatTheArchitectureNamesExists() throws IOException {
        Set<String> known = new HashSet<>();
        ProductClasses.ALL.forEach(type -> known.add(type.getSimpleName()));
        Path root = ProductClasses.repositoryRoot();
        try (var files = Files.walk(root)) {
            // tests and the data module are named too, and are not among the product's classes
            files.filter(file -> file.toString().endsWith(".java") && !file.toString().contains("/target/"))
                    .forEach(file -> known.add(file.getFileName().toString().replace(".java", "")));
        }
        Set<String> unknown = new TreeSet<>();
        int named = 0;
        for (String document : List.of("ARCHITECTURE.md", "CONTRIBUTING.md")) {
            Matcher matcher = TYPE_NAME.matcher(Files.readString(root.resolve(document)));
            while (matcher.find()) {
                named++;
                if (!known.contains(matcher.group(1)) && !isOfTheJdk(matcher.group(1))) {
                    unknown.add(document + ": " + matcher.group(1));
                }
            }
        }
        assertTrue(named > 20, "only " + named + " names were found: is the pattern still right?");
        assertEquals(Set.of(), unknown);
    }

    private static boolean isOfTheJdk(String name) {
        return Stream.of("java.lang.", "java.lang.foreign.").anyMatch(packageName -> classExists(packageName + name));
    }

    private static boolean classExists(String name) {
        try {
            return Class.forName(name) != null;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Test
    void everyFileThatADocumentLinksToExists() throws IOException {
        Path root = ProductClasses.repositoryRoot();
        Set<String> broken = new TreeSet<>();
        try (var documents = Files.list(root)) {
            for (Path document : documents.filter(file -> file.toString().endsWith(".md")).toList()) {
                Matcher matcher = LINK.matcher(Files.readString(document));
                while (matcher.find()) {
                    if (!Files.exists(root.resolve(matcher.group(1)))) {
                        broken.add(document.getFileName() + " -> " + matcher.group(1));
                    }
                }
            }
        }
        assertEquals(Set.of(), broken);
    }

    /// `examples/quickstart` is built against the jar alone; what README shows must be that very program.
    @Test
    void theReadmeShowsTheQuickStartThatIsTested() throws IOException {
        Path root = ProductClasses.repositoryRoot();
        String readme = Files.readString(root.resolve("README.md"));
        Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertTrue(block.find(), "README.md has no Java block");
        String program = Files.readString(root.resolve("examples/quickstart/src/main/java/QuickStart.java"));
        assertEquals(program.substring(program.indexOf("import ")), block.group(1));
    }
}

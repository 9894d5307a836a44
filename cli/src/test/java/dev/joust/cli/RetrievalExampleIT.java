// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `examples/retrieval/ask` as a process, on what the build has packaged.
@DisabledOnOs(OS.WINDOWS)
class RetrievalExampleIT {
    private static final Path ROOT = Path.of(System.getProperty("joust.repository.root", "..")).toAbsolutePath().normalize();

    @TempDir
    Path folder;

    /// @return what it prints, and last what it says of its table
    private List<String> ask(String question, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ROOT.resolve("examples/retrieval/ask").toString(), "documents", question, "--db", "db"));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
        assertEquals(0, process.exitValue(), () -> text("err"));
        List<String> lines = new ArrayList<>(text("out").lines().toList());
        lines.addAll(text("err").lines().filter(line -> line.contains("stored")).toList());
        return lines;
    }

    private String text(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void documents(String ofDeletes) throws IOException {
        Files.createDirectories(folder.resolve("documents/more"));
        Files.writeString(folder.resolve("documents/manual.md"), """
                # Manual

                A table is opened by its name.

                ## Undoing a delete
                %s

                ## Cameras
                The camera of a picture is read from its file.
                """.formatted(ofDeletes));
        Files.writeString(folder.resolve("documents/more/garden.txt"), "Tomatoes are watered in the morning.\r\n\r\nDeleted weeds come back.");
        Files.write(folder.resolve("documents/paper.txt"), "%PDF-1.7\n%\u00e2\u00e3".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aQuestionBecomesAPromptWithThePassagesThatFit() throws Exception {
        documents("A deleted row comes back when an older version of its table is restored.");
        List<String> lines = ask("How is a deleted row restored?", "-k", "2");
        assertEquals("4 passages added, 0 deleted, 4 stored", lines.getLast());
        assertEquals("[1] manual.md, Undoing a delete", lines.get(2));
        assertEquals("A deleted row comes back when an older version of its table is restored.", lines.get(3));
        assertTrue(lines.contains("Question: How is a deleted row restored?"), lines::toString);
        assertEquals(2, lines.stream().filter(line -> line.startsWith("[")).count());
        assertTrue(text("err").contains("left out: documents/paper.txt: no text in UTF-8"), () -> text("err"));

        documents("Restore an older version of the table.");
        List<String> changed = ask("How is a deleted row restored?", "-k", "1", "--where", "source like 'more/%'");
        assertEquals("1 passages added, 1 deleted, 4 stored", changed.getLast());
        assertEquals("[1] more/garden.txt, more/garden.txt", changed.get(2));
        assertFalse(String.join("\n", changed).contains("manual.md"), changed::toString);
    }

    /// By meaning: no word of the question is in the passage.
    @Test
    void aSentenceModelFindsWhatOtherWordsSay() throws Exception {
        Path model = ROOT.resolve(".build/minilm");
        assumeTrue(Files.exists(model.resolve("onnx/model_quantized.onnx")), "run .ci/install-minilm");
        documents("Restore an older version of the table.");
        Files.writeString(folder.resolve("documents/vehicles.md"), "# Vehicles\nMy automobile would not start.\n");
        List<String> lines = ask("Why is the car broken?", "--model", model.toString(), "-k", "4");
        assertTrue(lines.contains("My automobile would not start."), lines::toString);
    }
}

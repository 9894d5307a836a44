// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The texts of a folder: its `*.md` and `*.txt` files, and those of the folders in it. What is no text in UTF-8, whatever its
/// name, and what cannot be read is left out, and said to be.
final class Documents {
    private static final long MOST_BYTES = 16 << 20;

    private Documents() {}

    /// By their paths in the folder, in the order of these.
    static Map<String, String> of(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + ": there is no such folder");
        }
        Map<String, String> texts = new TreeMap<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                // A link to a file is followed, one to a folder may lead back here
                if (file.toString().toLowerCase(Locale.ROOT).matches("(?s).*\\.(md|txt)") && Files.isRegularFile(file)) {
                    try {
                        texts.put(folder.relativize(file).toString(), text(file));
                    } catch (IOException | IllegalArgumentException e) {
                        return leftOut(file, e);
                    }
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return leftOut(file, e);
            }
        });
        return texts;
    }

    private static FileVisitResult leftOut(Path file, Exception e) {
        System.err.println("left out: " + file + ": " + (e instanceof IOException ? "cannot be read: " + e : e.getMessage()));
        return FileVisitResult.CONTINUE;
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IllegalArgumentException("more than " + (MOST_BYTES >> 20) + " MiB");
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
            if (text.chars().anyMatch(c -> c < ' ' && !Character.isWhitespace(c))) {
                throw new IllegalArgumentException("no text: control characters");
            }
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("no text in UTF-8", e);
        }
    }
}

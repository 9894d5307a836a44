// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/// The files of one model, by name with `/` between folders. Thread-safe.
public sealed interface ModelFiles {
    /// Where they are, for messages.
    String location();

    boolean has(String name);

    byte[] read(String name) throws IOException;

    OrtSession openSession(String name, OrtSession.SessionOptions options) throws IOException, OrtException;

    /// A folder of the file system. Graphs are opened by path, so weights in a file beside them are found.
    record Folder(Path path) implements ModelFiles {
        /// The largest of these files, a tokenizer of 250,000 words, has 20 MB.
        private static final long MAX_READ_BYTES = 256L << 20;

        @Override
        public String location() {
            return path.toString();
        }

        @Override
        public boolean has(String name) {
            return Files.isRegularFile(path.resolve(name));
        }

        @Override
        public byte[] read(String name) throws IOException {
            Path file = path.resolve(name);
            if (Files.size(file) > MAX_READ_BYTES) {
                throw new IOException(file + " has more than " + MAX_READ_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        }

        @Override
        public OrtSession openSession(String name, OrtSession.SessionOptions options) throws OrtException {
            return OnnxEnvironment.get().createSession(path.resolve(name).toString(), options);
        }
    }

    /// Resources of the class path, below the folder of that name.
    record Resources(String folder) implements ModelFiles {
        @Override
        public String location() {
            return "the built-in model " + folder;
        }

        @Override
        public boolean has(String name) {
            return ModelFiles.class.getResource(folder + "/" + name) != null;
        }

        @Override
        public byte[] read(String name) throws IOException {
            try (InputStream in = ModelFiles.class.getResourceAsStream(folder + "/" + name)) {
                if (in == null) {
                    throw new IOException("no resource " + folder + "/" + name);
                }
                return in.readAllBytes();
            }
        }

        @Override
        public OrtSession openSession(String name, OrtSession.SessionOptions options) throws IOException, OrtException {
            return OnnxEnvironment.get().createSession(read(name), options);
        }
    }
}

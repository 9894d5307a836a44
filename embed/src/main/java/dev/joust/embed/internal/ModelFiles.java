// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

/// The files of one model, by name with `/` between folders. Thread-safe.
public sealed interface ModelFiles {
    /// Where they are, for messages.
    String location();

    /// What messages begin with.
    String title();

    boolean has(String name);

    /// A description: refused above a size that none has.
    byte[] read(String name) throws IOException;

    /// A graph, of any size that fits into an array.
    default byte[] readGraph(String name) throws IOException {
        return read(name);
    }

    /// The graphs, `*.onnx`, of the folder `onnx` and of the folder itself.
    List<String> graphs() throws IOException;

    /// Bytes of a file.
    long sizeBytes(String name) throws IOException;

    /// The first bytes of a file; empty if it cannot be read.
    default Optional<byte[]> start(String name) {
        return Optional.empty();
    }

    /// That file, and those beside it that hold a graph's weights.
    default List<String> withWeights(String name) {
        return List.of(name);
    }

    /// A folder below or above this one that has the file.
    default Optional<String> nearby(String name) {
        return Optional.empty();
    }

    OrtSession openSession(String name, OrtSession.SessionOptions options) throws IOException, OrtException;

    /// A graph made of the file of that name; weights beside that file are found.
    default OrtSession openSession(String name, byte[] graph, OrtSession.SessionOptions options) throws OrtException {
        weightsFolder(name).ifPresent(folder -> {
            try {
                options.addConfigEntry("session.model_external_initializers_file_folder_path", folder.toString());
            } catch (OrtException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        });
        return OnnxEnvironment.get().createSession(graph, options);
    }

    /// Where weights in files of their own would be.
    Optional<Path> weightsFolder(String name);

    /// A folder of the file system. Graphs are opened by path, so weights in a file beside them are found.
    record Folder(Path path) implements ModelFiles {
        /// The largest of these files, a tokenizer of 250,000 words, has 20 MB.
        private static final long MAX_READ_BYTES = 256L << 20;

        /// How deep a model lies in a folder that a download made: `snapshots/REVISION`.
        private static final int FOLDERS_BELOW = 2;

        @Override
        public String location() {
            return path.toString();
        }

        @Override
        public String title() {
            return "model folder " + path;
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
        public byte[] readGraph(String name) throws IOException {
            return Files.readAllBytes(path.resolve(name));
        }

        @Override
        public List<String> graphs() throws IOException {
            List<String> names = new ArrayList<>();
            for (String folder : List.of("onnx/", "")) {
                if (Files.isDirectory(path.resolve(folder))) {
                    try (Stream<Path> files = Files.list(path.resolve(folder))) {
                        files.map(file -> file.getFileName().toString())
                                .filter(name -> name.endsWith(".onnx"))
                                .sorted()
                                .forEach(name -> names.add(folder + name));
                    }
                }
            }
            return names;
        }

        @Override
        public long sizeBytes(String name) throws IOException {
            return Files.size(path.resolve(name));
        }

        @Override
        public Optional<byte[]> start(String name) {
            try (InputStream in = Files.newInputStream(path.resolve(name))) {
                return Optional.of(in.readNBytes(WrongContent.LOOKED_AT_BYTES));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        @Override
        public List<String> withWeights(String name) {
            List<String> names = new ArrayList<>(List.of(name));
            String folder = name.substring(0, name.lastIndexOf('/') + 1);
            try (Stream<Path> beside = Files.list(path.resolve(folder))) {
                beside.map(file -> folder + file.getFileName())
                        .filter(other -> other.startsWith(name) && !other.equals(name))
                        .sorted()
                        .forEach(names::add);
            } catch (IOException | UncheckedIOException e) {
                // Only a message would say more
                return List.of(name);
            }
            return names;
        }

        @Override
        public Optional<String> nearby(String name) {
            Path above = path.toAbsolutePath().normalize().getParent();
            if (above != null && path.endsWith("onnx") && Files.isRegularFile(above.resolve(name))) {
                return Optional.of(above.toString());
            }
            try (Stream<Path> below = Files.find(path, FOLDERS_BELOW + 1, (file, _) -> file.endsWith(name))) {
                return below.map(file -> String.valueOf(file.getParent())).sorted().findFirst();
            } catch (IOException | UncheckedIOException e) {
                return Optional.empty();
            }
        }

        @Override
        public Optional<Path> weightsFolder(String name) {
            return Optional.ofNullable(path.resolve(name).toAbsolutePath().getParent());
        }

        @Override
        public OrtSession openSession(String name, OrtSession.SessionOptions options) throws OrtException {
            return OnnxEnvironment.get().createSession(path.resolve(name).toString(), options);
        }
    }

    /// Resources of the class path, below the folder of that name.
    record Resources(String folder) implements ModelFiles {
        /// Resources cannot be listed.
        private static final List<String> GRAPHS = List.of("onnx/text_model.onnx", "onnx/vision_model.onnx");

        @Override
        public String location() {
            return title() + " " + folder;
        }

        @Override
        public String title() {
            return "the built-in model";
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
        public List<String> graphs() {
            return GRAPHS.stream().filter(this::has).toList();
        }

        @Override
        public long sizeBytes(String name) throws IOException {
            return read(name).length;
        }

        @Override
        public Optional<Path> weightsFolder(String name) {
            return Optional.empty();
        }

        @Override
        public OrtSession openSession(String name, OrtSession.SessionOptions options) throws IOException, OrtException {
            return OnnxEnvironment.get().createSession(read(name), options);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

import dev.joust.embed.ClipModel;
import dev.joust.embed.ModelFolder;
import dev.joust.embed.ModelOptions;
import dev.joust.embed.TextModel;

/// The model that a command uses: which folder, which of the folder's graphs, and how it is run.
final class Models {
    private static final String DEFAULT = "default";

    @Option(names = "--model", paramLabel = "DIR|default", description = "Folder of a model exported to ONNX: CLIP or SigLIP; where there are no pictures, also one for words alone. Default: a toy that knows coloured shapes.")
    private @Nullable String model;

    @Option(names = "--variant", paramLabel = "NAME", description = "Which of the folder's graphs: what stands behind model_ in the file's name, as fp16, int8 or quantized; fp32 is the one without. Default: the most exact one there is.")
    private @Nullable String variant;

    @Option(names = "--model-threads", paramLabel = "N", description = "Threads within one run of the model. Default: 1.")
    private @Nullable Integer threadCount;

    /// A model for words and pictures.
    ///
    /// @throws UsageException if an option has no sensible value
    ClipModel open() {
        ModelOptions options = options();
        return isDefault() ? ClipModel.open(ModelFolder.builtIn(), options) : ClipModel.open(ModelFolder.open(folder()), options);
    }

    /// As {@link #open}, also models for words alone.
    TextModel openForText() {
        return isDefault() ? open() : TextModel.open(folder(), options());
    }

    /// The best graph of another folder.
    static TextModel openForText(String folder) {
        Models other = new Models();
        other.model = folder;
        return other.openForText();
    }

    /// Takes what a file of settings says for options that were not given.
    void fill(@Nullable String model, @Nullable String variant, @Nullable Integer threadCount) {
        this.model = this.model == null ? model : this.model;
        this.variant = this.variant == null ? variant : this.variant;
        this.threadCount = this.threadCount == null ? threadCount : this.threadCount;
    }

    /// The folder as given; empty for the model that comes with Joust.
    String name() {
        return model == null || isDefault() ? "" : model;
    }

    /// As given, empty for the best there is.
    String variant() {
        return variant == null ? "" : variant;
    }

    int threadCount() {
        return threadCount == null ? ModelOptions.DEFAULT.threadCount() : threadCount;
    }

    private boolean isDefault() {
        return model == null || model.equals(DEFAULT);
    }

    private ModelOptions options() {
        try {
            return ModelOptions.DEFAULT.withVariant(variant()).withThreadCount(threadCount());
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private Path folder() {
        Path folder = Path.of(name());
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("no model: " + folder + " is no folder");
        }
        return folder;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

/// A model folder that cannot be used. The message names the folder, the file and what does not fit.
public final class ModelFolderException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ModelFolderException(String message) {
        super(message);
    }

    public ModelFolderException(String message, Throwable cause) {
        super(message, cause);
    }
}

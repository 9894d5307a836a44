// SPDX-License-Identifier: Apache-2.0
package dev.joust.pictures.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.joust.embed.SentenceModel;
import dev.joust.embed.TextModel;
import dev.joust.format.schema.Field;
import dev.joust.pictures.VectorColumnInfo.Source;

/// Says on a column which model made its vectors, so that no other is used with it. A model is known by what it does, not by
/// where it lies: by the beginning of the vector of one sentence. Variants of one model, quantised or not, are near
/// enough to each other there; other models are not.
///
///     joust:model          the name of the model's folder
///     joust:model:of       picture or caption
///     joust:model:probe    base64 of float32, big endian, at most 64: how the vector of SENTENCE begins
///
/// @param probe null where there is none, or it cannot be read
@SuppressWarnings("ArrayRecordComponent") // never compared
record ModelMark(String model, Source source, float @Nullable [] probe) {
    private static final String MODEL = "joust:model";
    private static final String SOURCE = "joust:model:of";
    private static final String PROBE = "joust:model:probe";
    private static final String SENTENCE = "a lighthouse at dusk, with two red boats";
    private static final int PROBE_LENGTH = 64;
    private static final double LEAST_COSINE = 0.8;

    static ModelMark of(TextModel model) {
        String location = model.location().replace('\\', '/');
        String trimmed = location.endsWith("/") ? location.substring(0, location.length() - 1) : location;
        float[] vector = model.embedText(SENTENCE);
        return new ModelMark(
                trimmed.substring(trimmed.lastIndexOf('/') + 1),
                sourceOf(model),
                Arrays.copyOf(vector, Math.min(PROBE_LENGTH, vector.length)));
    }

    static Source sourceOf(TextModel model) {
        return model instanceof SentenceModel ? Source.CAPTION : Source.PICTURE;
    }

    /// What a column says; empty where it says nothing.
    static Optional<ModelMark> read(Field field) {
        String name = field.metadata().get(MODEL);
        return name == null
                ? Optional.empty()
                : Optional.of(new ModelMark(
                        name,
                        "caption".equals(field.metadata().get(SOURCE)) ? Source.CAPTION : Source.PICTURE,
                        parse(field.metadata().get(PROBE))));
    }

    private static float @Nullable [] parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
            float[] probe = new float[bytes.remaining() / Float.BYTES];
            bytes.asFloatBuffer().get(probe);
            return probe;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    Map<String, String> toMetadata() {
        float[] values = probe == null ? new float[0] : probe;
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        return Map.of(
                MODEL, model,
                SOURCE, source == Source.CAPTION ? "caption" : "picture",
                PROBE, Base64.getEncoder().encodeToString(bytes.array()));
    }

    /// @throws IllegalArgumentException if the column was made by another model than this one is of
    void check(Field field) {
        ModelMark made = read(field).orElse(null);
        if (made == null || made.probe() == null || probe == null) {
            return;
        }
        if (made.source() != source || cosine(made.probe(), probe) < LEAST_COSINE) {
            throw new IllegalArgumentException("column '" + field.name() + "' holds vectors of "
                    + (made.source() == Source.CAPTION ? "captions" : "pictures") + " by the model '" + made.model()
                    + "', not by '" + model + "': open it with the model it was made with");
        }
    }

    private static double cosine(float[] one, float[] other) {
        if (one.length != other.length) {
            return 0;
        }
        double product = 0;
        double squares = 0;
        double otherSquares = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            squares += (double) one[i] * one[i];
            otherSquares += (double) other[i] * other[i];
        }
        return squares == 0 || otherSquares == 0 ? 0 : product / Math.sqrt(squares * otherSquares);
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;

import dev.joust.embed.image.PictureDecoder;
import dev.joust.embed.image.PicturePreprocessor;
import dev.joust.embed.internal.ModelFiles;
import dev.joust.embed.internal.OnnxTower;
import dev.joust.search.Embedder;

/// A model with a text tower and a picture tower whose vectors can be compared: words find pictures.
///
/// All vectors have length 1 (L2), so squared L2 distance and cosine order alike. Thread-safe; runs of several
/// threads go on at once. After {@link #close} every method throws {@link IllegalStateException}.
public final class ClipModel implements Embedder, AutoCloseable {
    private static final String INPUT_IDS = "input_ids";
    private static final String ATTENTION_MASK = "attention_mask";
    private static final String POSITION_IDS = "position_ids";
    private static final String PIXEL_VALUES = "pixel_values";
    /// Items run at once: more takes memory and saves nothing.
    private static final int MAX_BATCH_COUNT = 16;

    private final ModelFolder folder;
    private final PictureDecoder decoder;
    private final PicturePreprocessor preprocessor;
    private final OnnxTower textTower;
    private final OnnxTower pictureTower;
    private final int maxTokenCount;
    private final OptionalInt padTokenId;
    private final int dimension;
    /// Runs hold the read lock, closing the write lock: a graph is not freed under a run.
    private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
    private boolean closed;

    private ClipModel(ModelFolder folder, ModelOptions options) {
        this.folder = folder;
        decoder = new PictureDecoder(options.pictureLimits());
        preprocessor = new PicturePreprocessor(folder.pictureRecipe());
        textTower = openTower(folder, folder.textTowerFile(), options, INPUT_IDS,
                Set.of(INPUT_IDS, ATTENTION_MASK, POSITION_IDS), List.of("text_embeds"));
        OnnxTower openedPictureTower = null;
        try {
            openedPictureTower = openTower(folder, folder.pictureTowerFile(), options, PIXEL_VALUES,
                    Set.of(PIXEL_VALUES), List.of("image_embeds"));
            pictureTower = openedPictureTower;
            maxTokenCount = Math.min(folder.maxTokenCount(), textTower.axisLength(INPUT_IDS, 1, Integer.MAX_VALUE));
            padTokenId = folder.padTokenId();
            dimension = checkedDimension();
        } catch (RuntimeException e) {
            textTower.close();
            if (openedPictureTower != null) {
                openedPictureTower.close();
            }
            throw e;
        }
    }

    /// The built-in model, which knows drawings of coloured shapes and nothing else.
    public static ClipModel openDefault() {
        return open(ModelFolder.builtIn(), ModelOptions.DEFAULT);
    }

    /// @throws ModelFolderException if the folder holds no model of that kind
    public static ClipModel open(Path folder) {
        return open(ModelFolder.open(folder), ModelOptions.DEFAULT);
    }

    /// Loads both towers and runs each once, so that the first caller waits no longer than the next.
    ///
    /// @throws ModelFolderException if a graph cannot be loaded or doesn't fit its description
    public static ClipModel open(ModelFolder folder, ModelOptions options) {
        return new ClipModel(folder, options);
    }

    private static OnnxTower openTower(
            ModelFolder folder, String file, ModelOptions options, String neededInput,
            Set<String> supportedInputs, List<String> preferredOutputs) {
        ModelFiles files = folder.files();
        try (OrtSession.SessionOptions sessionOptions = new OrtSession.SessionOptions()) {
            sessionOptions.setIntraOpNumThreads(options.threadCount());
            sessionOptions.setInterOpNumThreads(1);
            sessionOptions.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            OrtSession session = files.openSession(file, sessionOptions);
            try {
                OnnxTower tower = new OnnxTower(session, supportedInputs, preferredOutputs);
                if (!tower.hasInput(neededInput)) {
                    throw new IllegalArgumentException("no input '" + neededInput + "'");
                }
                return tower;
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException | IOException | IllegalArgumentException e) {
            throw folder.problem(file, e);
        }
    }

    /// Runs both towers on nothing in particular: their vectors must be of one length, that of `config.json`.
    private int checkedDimension() {
        int textDimension;
        int pictureDimension;
        try {
            textDimension = embedText("").length;
        } catch (IllegalStateException e) {
            throw folder.problem(folder.textTowerFile(), e);
        }
        try {
            float[] pixels = pictureInput(1);
            pictureDimension = runPictures(pixels, 1).getFirst().length;
        } catch (IllegalStateException e) {
            throw folder.problem(folder.pictureTowerFile(), e);
        }
        int declared = folder.declaredDimension() == 0 ? textDimension : folder.declaredDimension();
        if (textDimension != pictureDimension || textDimension != declared) {
            throw folder.problem("config.json", "it declares vectors of " + declared + ", the text tower gives "
                    + textDimension + " and the picture tower " + pictureDimension);
        }
        return textDimension;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    /// The folder it came from.
    public ModelFolder folder() {
        return folder;
    }

    /// One vector per text, in order. A text too long for the model is cut at its end.
    @Override
    public List<float[]> embed(List<String> texts) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        int batchCount = textTower.axisLength(INPUT_IDS, 0, MAX_BATCH_COUNT);
        for (int start = 0; start < texts.size(); start += batchCount) {
            vectors.addAll(runTexts(texts.subList(start, Math.min(start + batchCount, texts.size())).stream()
                    .map(text -> folder.tokenizer().encode(text, maxTokenCount))
                    .toList()));
        }
        return vectors;
    }

    /// The vector of one text.
    public float[] embedText(String text) {
        return embed(List.of(text)).getFirst();
    }

    /// The vector of one JPEG or PNG.
    ///
    /// @throws dev.joust.embed.image.PictureException saying why the bytes are not taken
    public float[] embedPicture(byte[] encoded) {
        return embedPictures(List.of(encoded)).getFirst();
    }

    /// One vector per picture, in order; none at all where one of them is not taken.
    ///
    /// @throws dev.joust.embed.image.PictureException saying why the bytes are not taken
    public List<float[]> embedPictures(List<byte[]> encoded) {
        List<float[]> vectors = new ArrayList<>(encoded.size());
        int batchCount = pictureTower.axisLength(PIXEL_VALUES, 0, MAX_BATCH_COUNT);
        for (int start = 0; start < encoded.size(); start += batchCount) {
            int count = Math.min(batchCount, encoded.size() - start);
            float[] pixels = pictureInput(count);
            for (int i = 0; i < count; i++) {
                int offset = i * preprocessor.valueCount();
                decoder.decode(encoded.get(start + i), picture -> {
                    preprocessor.process(picture, pixels, offset);
                    return offset;
                });
            }
            vectors.addAll(runPictures(pixels, count));
        }
        return vectors;
    }

    /// The token ids that a text has for this model, cut to its limit.
    public int[] tokenIds(String text) {
        return folder.tokenizer().encode(text, maxTokenCount);
    }

    private List<float[]> runTexts(List<int[]> texts) {
        int rowCount = textTower.axisLength(INPUT_IDS, 0, texts.size());
        int longest = texts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        int length = textTower.axisLength(INPUT_IDS, 1, longest);
        long[] ids = new long[rowCount * length];
        long[] mask = new long[ids.length];
        long[] positions = new long[ids.length];
        for (int row = 0; row < rowCount; row++) {
            int[] text = texts.get(Math.min(row, texts.size() - 1));
            for (int i = 0; i < length; i++) {
                boolean inText = i < text.length;
                ids[row * length + i] = inText ? text[i] : padTokenId.orElse(text[text.length - 1]);
                mask[row * length + i] = inText ? 1 : 0;
                positions[row * length + i] = i;
            }
        }
        return run(textTower, texts.size(), () -> {
            Map<String, OnnxTensor> inputs = new HashMap<>();
            inputs.put(INPUT_IDS, textTower.integers(INPUT_IDS, ids, rowCount, length));
            if (textTower.hasInput(ATTENTION_MASK)) {
                inputs.put(ATTENTION_MASK, textTower.integers(ATTENTION_MASK, mask, rowCount, length));
            }
            if (textTower.hasInput(POSITION_IDS)) {
                inputs.put(POSITION_IDS, textTower.integers(POSITION_IDS, positions, rowCount, length));
            }
            return inputs;
        });
    }

    /// Room for so many pictures, or for as many as the graph insists on.
    private float[] pictureInput(int count) {
        return new float[Math.multiplyExact(pictureTower.axisLength(PIXEL_VALUES, 0, count),
                preprocessor.valueCount())];
    }

    private List<float[]> runPictures(float[] pixels, int count) {
        return run(pictureTower, count, () -> Map.of(PIXEL_VALUES, OnnxTower.floats(
                FloatBuffer.wrap(pixels), pixels.length / preprocessor.valueCount(), 3,
                preprocessor.height(), preprocessor.width())));
    }

    private interface Inputs {
        Map<String, OnnxTensor> create() throws OrtException;
    }

    /// The first `count` vectors of a run, each brought to length 1.
    private List<float[]> run(OnnxTower tower, int count, Inputs inputs) {
        lifecycle.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the model " + folder.location() + " is closed");
            }
            Map<String, OnnxTensor> tensors = inputs.create();
            try {
                float[][] vectors = Arrays.copyOf(tower.run(tensors), count);
                for (float[] vector : vectors) {
                    normalize(vector);
                }
                return List.of(vectors);
            } finally {
                tensors.values().forEach(OnnxTensor::close);
            }
        } catch (OrtException e) {
            throw new IllegalStateException("running the model " + folder.location() + ": " + e.getMessage(), e);
        } finally {
            lifecycle.readLock().unlock();
        }
    }

    private void normalize(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            throw new IllegalStateException("the model " + folder.location() + " gave a vector of length "
                    + Math.sqrt(squares));
        }
        double scale = 1 / Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] * scale);
        }
    }

    @Override
    public void close() {
        lifecycle.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                textTower.close();
                pictureTower.close();
            }
        } finally {
            lifecycle.writeLock().unlock();
        }
    }
}

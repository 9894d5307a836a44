// SPDX-License-Identifier: Apache-2.0
package dev.joust.embed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.joust.embed.image.PictureDecoder;
import dev.joust.embed.image.PicturePreprocessor;
import dev.joust.embed.image.RgbPicture;
import dev.joust.embed.internal.FloatTensor;
import dev.joust.embed.internal.OnnxGraph;
import dev.joust.embed.internal.TextTower;
import dev.joust.embed.internal.UnitLength;
import dev.joust.embed.tokenize.Encoding;

/// A model with a text tower and a picture tower whose vectors can be compared: words find pictures.
///
/// All vectors have length 1 (L2), so squared L2 distance and cosine order alike. Thread-safe; runs of several
/// threads go on at once. After {@link #close} every method throws {@link IllegalStateException}.
///
/// Of an export with both towers in one file each is cut out; one of more than a GiB is loaded as it is and runs both
/// for each question, the other on next to nothing: two files answer faster. Quantised graphs scale by what is in a batch, so a vector depends a little on what it was made with.
public final class ClipModel implements TextModel {
    private static final String PIXEL_VALUES = "pixel_values";
    private static final Set<String> BOTH_INPUTS =
            Stream.concat(TextTower.INPUTS.stream(), Stream.of(PIXEL_VALUES)).collect(Collectors.toUnmodifiableSet());

    /// The largest file that is read into memory to be cut in two.
    private static final long LARGEST_CUT_BYTES = 1L << 30;

    private final ModelFolder folder;
    private final ModelOptions options;
    private final PictureDecoder decoder;
    private final PicturePreprocessor preprocessor;
    private final OnnxGraph textGraph;
    /// The same as the text's, if it is the whole of a file that holds both.
    private final OnnxGraph pictureGraph;
    private final TextTower textTower;
    private final String pictureOutput;
    private final int maxTokenCount;
    private final int textBatchCount;
    private final int dimension;

    private ClipModel(ModelFolder folder, ModelOptions options, long largestCutBytes) {
        this.folder = folder;
        this.options = options;
        decoder = new PictureDecoder(options.pictureLimits());
        preprocessor = new PicturePreprocessor(folder.pictureRecipe());
        FolderReader reader = folder.reader();
        ModelFolder.Towers towers = folder.towers(options.variant());
        boolean isWhole = towers.isOneFile() && reader.sizeBytes(towers.text()) > largestCutBytes;
        boolean isCut = towers.isOneFile() && !isWhole;
        textGraph = isCut ? reader.openPart(towers.text(), folder.textOutputs(), options)
                : reader.open(towers.text(), options);
        OnnxGraph opened = textGraph;
        try {
            opened = isCut ? reader.openPart(towers.picture(), folder.pictureOutputs(), options)
                    : isWhole ? textGraph : reader.open(towers.picture(), options);
            pictureGraph = opened;
            checkPictureSize(towers.picture());
            String textOutput = check(towers.text(), textGraph, TextTower.INPUT_IDS,
                    isWhole ? BOTH_INPUTS : TextTower.INPUTS, folder.textOutputs());
            pictureOutput = check(towers.picture(), pictureGraph, PIXEL_VALUES,
                    isWhole ? BOTH_INPUTS : Set.of(PIXEL_VALUES), folder.pictureOutputs());
            maxTokenCount = Math.min(
                    folder.maxTokenCount(), textGraph.axisLength(TextTower.INPUT_IDS, 1, Integer.MAX_VALUE));
            textTower = new TextTower(textGraph, textOutput, folder.filling(maxTokenCount));
            // The whole of a graph may want as many texts as pictures, and pictures are dear
            textBatchCount = isWhole ? 1 : textTower.batchCount(options.maxBatchCount());
            dimension = checkedDimension(towers);
        } catch (RuntimeException e) {
            textGraph.close();
            opened.close();
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
        return new ClipModel(folder, options, LARGEST_CUT_BYTES);
    }

    /// As {@link #open(ModelFolder, ModelOptions)}, with a file of both towers as it is if it is larger than that.
    static ClipModel open(ModelFolder folder, ModelOptions options, long largestCutBytes) {
        return new ClipModel(folder, options, largestCutBytes);
    }

    /// The output with the vectors, of a graph that has the right inputs.
    private String check(String file, OnnxGraph graph, String neededInput, Set<String> inputs, List<String> preferred) {
        try {
            graph.checkInputs(Set.of(neededInput), inputs);
        } catch (IllegalArgumentException e) {
            throw folder.reader().problem(file, e);
        }
        return graph.output(2, preferred).orElseThrow(() -> folder.reader().problem(file, graph.describeOutputs()
                + ", none of them named one of " + preferred + " with one vector per item"));
    }

    private void checkPictureSize(String file) {
        int height = pictureGraph.axisLength(PIXEL_VALUES, 2, preprocessor.height());
        int width = pictureGraph.axisLength(PIXEL_VALUES, 3, preprocessor.width());
        if (height != preprocessor.height() || width != preprocessor.width()) {
            throw folder.reader().problem(
                    file, "it takes pictures of " + width + " x " + height + " pixels; " + folder.pictureSizes());
        }
    }

    /// Runs both towers on nothing in particular: their vectors must be of one length, that of `config.json`.
    private int checkedDimension(ModelFolder.Towers towers) {
        int textDimension;
        int pictureDimension;
        try {
            textDimension = runTexts(List.of(encode(""))).itemLength();
        } catch (IllegalStateException e) {
            throw folder.reader().problem(towers.text(), e);
        }
        try {
            pictureDimension = runPictures(pictureInput(1)).itemLength();
        } catch (IllegalStateException e) {
            throw folder.reader().problem(towers.picture(), folder.pictureSizes() + "; " + e.getMessage(), e);
        }
        int declared = folder.declaredDimension() == 0 ? textDimension : folder.declaredDimension();
        if (textDimension != pictureDimension || textDimension != declared) {
            throw folder.reader().problem("config.json", "it declares vectors of " + declared + ", the text tower gives "
                    + textDimension + " and the picture tower " + pictureDimension);
        }
        return textDimension;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public String location() {
        return folder.location();
    }

    /// The folder it came from.
    public ModelFolder folder() {
        return folder;
    }

    /// One vector per text, in order. A text too long for the model is cut, at its end unless the folder says otherwise.
    @Override
    public List<float[]> embed(List<String> texts) {
        return TextBatches.run(texts.stream().map(this::encode).toList(), textBatchCount,
                batch -> unitVectors(runTexts(batch), batch.size()));
    }

    /// Decodes pictures within the limits and the memory that this model was opened with; share it, so that all that
    /// is decoded at once keeps to them together.
    public PictureDecoder decoder() {
        return decoder;
    }

    /// The vector of one encoded picture.
    ///
    /// @throws dev.joust.embed.image.PictureException saying why the bytes are not taken
    public float[] embedPicture(byte[] encoded) {
        return embedPrepared(List.of(prepare(encoded))).getFirst();
    }

    /// The vector of a picture that is decoded already.
    public float[] embedPicture(RgbPicture picture) {
        return embedPrepared(List.of(prepare(picture))).getFirst();
    }

    /// One vector per encoded picture, in order; none at all where one of them is not taken.
    ///
    /// @throws dev.joust.embed.image.PictureException saying why the bytes are not taken
    public List<float[]> embedPictures(List<byte[]> encoded) {
        List<float[]> vectors = new ArrayList<>(encoded.size());
        int batchCount = pictureBatchCount();
        for (int start = 0; start < encoded.size(); start += batchCount) {
            List<byte[]> batch = encoded.subList(start, Math.min(start + batchCount, encoded.size()));
            vectors.addAll(embedPrepared(batch.stream().map(this::prepare).toList()));
        }
        return vectors;
    }

    private PreparedPicture prepare(byte[] encoded) {
        return decoder.decode(encoded, picture -> prepare(picture.pixels()));
    }

    /// What this model needs of a picture, and nothing else. Takes processor time; several threads may prepare while
    /// another embeds.
    public PreparedPicture prepare(RgbPicture picture) {
        return new PreparedPicture(preprocessor.crop(picture));
    }

    /// Pictures that run through the model at once.
    public int pictureBatchCount() {
        return pictureGraph.axisLength(PIXEL_VALUES, 0, options.maxBatchCount());
    }

    /// One vector per picture, in order.
    ///
    /// @param prepared by this model; any number of them, run {@link #pictureBatchCount} at a time
    public List<float[]> embedPrepared(List<PreparedPicture> prepared) {
        List<float[]> vectors = new ArrayList<>(prepared.size());
        int batchCount = pictureBatchCount();
        for (int start = 0; start < prepared.size(); start += batchCount) {
            int count = Math.min(batchCount, prepared.size() - start);
            float[] pixels = pictureInput(count);
            for (int i = 0; i < count; i++) {
                preprocessor.normalise(prepared.get(start + i).pixels(), pixels, i * preprocessor.valueCount());
            }
            vectors.addAll(unitVectors(runPictures(pixels), count));
        }
        return vectors;
    }

    /// The token ids that a text has for this model, cut to its limit.
    public int[] tokenIds(String text) {
        return encode(text).ids();
    }

    private Encoding encode(String text) {
        return folder.tokenizer().encodeText(text, maxTokenCount);
    }

    /// Room for so many pictures, or for as many as the graph insists on.
    private float[] pictureInput(int count) {
        return new float[Math.multiplyExact(pictureGraph.axisLength(PIXEL_VALUES, 0, count),
                preprocessor.valueCount())];
    }

    private long[] pictureShape(float[] pixels) {
        return new long[] {pixels.length / preprocessor.valueCount(), 3, preprocessor.height(), preprocessor.width()};
    }

    private FloatTensor runTexts(List<Encoding> batch) {
        return textTower.run(batch, tensors -> {
            if (textGraph.hasInput(PIXEL_VALUES)) {
                float[] nothing = pictureInput(1);
                tensors.put(PIXEL_VALUES, textGraph.floats(PIXEL_VALUES, nothing, pictureShape(nothing)));
            }
        }).tensor();
    }

    private FloatTensor runPictures(float[] pixels) {
        return pictureGraph.run(pictureOutput, tensors -> {
            tensors.put(PIXEL_VALUES, pictureGraph.floats(PIXEL_VALUES, pixels, pictureShape(pixels)));
            if (pictureGraph.hasInput(TextTower.INPUT_IDS)) {
                textTower.put(Collections.nCopies(pixels.length / preprocessor.valueCount(), encode("")), tensors);
            }
        });
    }

    /// The first `count` vectors of a run, each brought to length 1.
    private static List<float[]> unitVectors(FloatTensor tensor, int count) {
        float[][] vectors = new float[count][];
        Arrays.setAll(vectors, i -> UnitLength.of(tensor.item(i)));
        return List.of(vectors);
    }

    @Override
    public void close() {
        textGraph.close();
        pictureGraph.close();
    }
}

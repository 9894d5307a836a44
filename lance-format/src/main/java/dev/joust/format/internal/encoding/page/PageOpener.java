// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.encoding.sink.ValueShape;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// A page whose layout is known, but not yet what its first bytes say: read {@link #ranges}, then {@link #open}.
public final class PageOpener {
    private final DecodeContext context;
    private final PageInfo page;
    private final LeafColumn column;
    private final PageLayout layout;
    private final PageLevels levels;
    /// Of blobs: the page of their descriptors.
    private final @Nullable PageOpener descriptors;

    /// @param context for errors: stands at the page
    public PageOpener(DecodeContext context, PageInfo page, LeafColumn column) {
        this(context, page, column, parse(context, page));
    }

    private PageOpener(DecodeContext context, PageInfo page, LeafColumn column, PageLayout layout) {
        this.context = context;
        this.page = page;
        this.column = column;
        this.layout = layout;
        this.levels = levels();
        this.descriptors = layout instanceof PageLayout.BlobLayout blob ? descriptors(blob) : null;
    }

    private static PageLayout parse(DecodeContext context, PageInfo page) {
        try {
            return PageLayoutCodec.parse(page.encoding());
        } catch (CorruptFileException e) {
            throw context.corrupt(String.valueOf(e.getMessage()));
        }
    }

    private PageOpener descriptors(PageLayout.BlobLayout blob) {
        if (levels.maxRepetition() > 0) {
            // as by the reference, which loses their lists
            throw new UnsupportedFormatException("blobs in lists, column '" + column.field().name() + "', are not read");
        }
        if (!column.shape().equals(ValueShape.blobDescriptor()) || blob.inner() instanceof PageLayout.BlobLayout) {
            throw context.corrupt("a page of blobs for " + column.shape());
        }
        LeafColumn inner = new LeafColumn(column.field(), column.shape(), Nesting.FLAT, column.version());
        return new PageOpener(context, page, inner, blob.inner());
    }

    /// The page's layers must be those of the schema, list for list and item for item.
    private PageLevels levels() {
        List<Nesting.Layer> wanted = column.nesting().layers();
        List<RepDefLayer> found = layout.layers();
        boolean same = wanted.size() == found.size();
        for (int i = 0; same && i < found.size(); i++) {
            same = found.get(i).isList() == wanted.get(i) instanceof Nesting.Layer.ListOf;
        }
        boolean[] repeated = new boolean[found.size()];
        if (layout instanceof PageLayout.SparseLayout sparse) {
            for (int i = 0; same && i < repeated.length; i++) {
                long stored = sparse.dimension(i);
                repeated[i] = stored != 0;
                same = stored == (wanted.get(i) instanceof Nesting.Layer.FixedSizeList(int dimension) ? dimension : 0);
            }
        }
        if (!same) {
            throw context.corrupt("layers " + found + " for column '" + column.field().name() + "' of type "
                    + column.field().type() + " in " + wanted);
        }
        PageLevels result = new PageLevels(found, repeated);
        if (!result.hasRepeated()
                && column.nesting().hasFixedSizeListsInLists()
                && column.nesting().hasListsInFixedSizeLists()) {
            throw new UnsupportedFormatException("fixed_size_list of struct in and around a list, at column '"
                    + column.field().name() + "', is not read from dense pages");
        }
        return result;
    }

    /// Stands at the page.
    public DecodeContext context() {
        return context;
    }

    /// What {@link #open} needs: the small buffers that say where rows are.
    public List<ByteRange> ranges() {
        List<ByteRange> buffers = page.buffers();
        return switch (layout) {
            case PageLayout.MiniBlockLayout mini -> {
                int expected = 2 + (mini.dictionary() == null ? 0 : 1) + (mini.repetitionIndexDepth() == 0 ? 0 : 1);
                requireBuffers(expected);
                List<ByteRange> small = new ArrayList<>(buffers);
                small.remove(1);
                yield small;
            }
            case PageLayout.FullZipLayout zip -> {
                requireBuffers(zip.variable() || levels.maxRepetition() > 0 ? 2 : 1);
                yield buffers.subList(1, buffers.size());
            }
            case PageLayout.ConstantLayout _ -> buffers;
            case PageLayout.SparseLayout sparse -> {
                requireBuffers(SparsePageReader.bufferCount(context, sparse));
                yield SparsePageReader.ranges(sparse, buffers);
            }
            case PageLayout.BlobLayout _ -> Objects.requireNonNull(descriptors).ranges();
        };
    }

    private void requireBuffers(int count) {
        if (page.buffers().size() != count) {
            throw context.corrupt(page.buffers().size() + " buffers, the layout has " + count);
        }
    }

    /// @param bytes one segment per range; not kept
    public PageReader open(List<MemorySegment> bytes) {
        return switch (layout) {
            case PageLayout.MiniBlockLayout mini ->
                MiniBlockPageReader.open(context, page, column, mini, levels, bytes);
            case PageLayout.FullZipLayout zip -> FullZipPageReader.open(context, page, column, zip, levels, bytes);
            case PageLayout.ConstantLayout constant ->
                ConstantPageReader.open(context, page, column, constant, levels, bytes);
            case PageLayout.SparseLayout sparse ->
                SparsePageReader.open(context, page, column, sparse, levels, bytes);
            case PageLayout.BlobLayout _ ->
                new BlobPageReader(Objects.requireNonNull(descriptors).open(bytes), levels);
        };
    }
}

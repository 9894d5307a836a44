// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.page;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import dev.joust.format.CorruptFileException;
import dev.joust.format.UnsupportedFormatException;
import dev.joust.format.internal.encoding.compress.DecodeContext;
import dev.joust.format.internal.encoding.repdef.PageLevels;
import dev.joust.format.internal.encoding.repdef.RepDefLayer;
import dev.joust.format.internal.encoding.sink.Nesting;
import dev.joust.format.internal.file.PageInfo;
import dev.joust.io.ByteRange;

/// A page whose layout is known, but not yet what its first bytes say: read {@link #ranges}, then {@link #open}.
public final class PageOpener {
    private final DecodeContext context;
    private final PageInfo page;
    private final LeafColumn column;
    private final PageLayout layout;
    private final PageLevels levels;

    /// @param context for errors: stands at the page
    public PageOpener(DecodeContext context, PageInfo page, LeafColumn column) {
        this.context = context;
        this.page = page;
        this.column = column;
        try {
            this.layout = PageLayoutCodec.parse(page.encoding());
        } catch (CorruptFileException e) {
            throw context.corrupt(String.valueOf(e.getMessage()));
        }
        this.levels = new PageLevels(layout.layers());
        checkLayers();
    }

    /// The page's layers must be those of the schema, list for list and item for item.
    private void checkLayers() {
        List<Nesting.Layer> wanted = column.nesting().layers();
        List<RepDefLayer> found = levels.layers();
        boolean same = wanted.size() == found.size();
        for (int i = 0; same && i < found.size(); i++) {
            same = found.get(i).isList() == wanted.get(i) instanceof Nesting.Layer.ListOf;
        }
        if (!same) {
            throw context.corrupt("layers " + found + " for column '" + column.field().name() + "' of type "
                    + column.field().type() + " in " + wanted);
        }
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
            case PageLayout.BlobLayout _ ->
                throw new UnsupportedFormatException("blob column '" + column.field().name() + "' is not read yet");
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
            case PageLayout.BlobLayout _ -> throw new IllegalStateException("blob"); // refused by ranges()
        };
    }
}

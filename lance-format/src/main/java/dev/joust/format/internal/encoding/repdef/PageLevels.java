// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.encoding.repdef;

import java.util.List;

/// What the levels of one page mean: which definition level says what of which layer (spec: file format 3.1).
/// Immutable.
public final class PageLevels {
    private final List<RepDefLayer> layers;
    private final int maxDefinition;
    private final int maxVisible;
    private final int maxRepetition;

    /// @param layers leaf first, as pages list them
    public PageLevels(List<RepDefLayer> layers) {
        this.layers = List.copyOf(layers);
        int levels = 0;
        int visible = -1;
        int lists = 0;
        for (RepDefLayer layer : layers) {
            if (layer.isList()) {
                visible = visible < 0 ? levels : visible;
                lists++;
            }
            levels += layer.levelCount();
        }
        maxDefinition = levels;
        maxVisible = visible < 0 ? levels : visible;
        maxRepetition = lists;
    }

    /// Leaf first.
    public List<RepDefLayer> layers() {
        return layers;
    }

    /// The highest definition level; 0 where nothing can be null or empty.
    public int maxDefinition() {
        return maxDefinition;
    }

    /// Entries with a definition level up to this have a slot among the values; the others are null or empty lists.
    public int maxVisible() {
        return maxVisible;
    }

    /// Number of list layers: the repetition level that starts a row.
    public int maxRepetition() {
        return maxRepetition;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table;

import java.util.Arrays;
import java.util.List;

import dev.joust.format.table.Fragment;
import dev.joust.format.table.Manifest;

/// The live rows of a version, counted through from 0 in the order of fragments. Immutable, thread-safe.
public final class RowNumbers {
    private final Manifest manifest;
    /// Live rows before each fragment, and of all of them last.
    private final long[] firstRows;

    public RowNumbers(Manifest manifest) {
        this.manifest = manifest;
        List<Fragment> fragments = manifest.fragments();
        firstRows = new long[fragments.size() + 1];
        for (int i = 0; i < fragments.size(); i++) {
            firstRows[i + 1] = firstRows[i] + fragments.get(i).liveRowCount();
        }
    }

    long rowCount() {
        return firstRows[firstRows.length - 1];
    }

    /// Live rows before the fragment, which is one of the version.
    @SuppressWarnings("ReferenceEquality") // see below
    long firstRowOf(Fragment fragment) {
        List<Fragment> fragments = manifest.fragments();
        if (manifest.isLegacy()) {
            for (int i = 0; i < fragments.size(); i++) {
                // By identity: old tables may have two fragments of one id.
                if (fragments.get(i) == fragment) {
                    return firstRows[i];
                }
            }
        }
        int low = 0;
        int high = fragments.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long id = fragments.get(middle).id();
            if (id == fragment.id()) {
                return firstRows[middle];
            }
            if (id < fragment.id()) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw new IllegalArgumentException("fragment " + fragment.id() + " is none of version " + manifest.version());
    }

    /// Place among the fragments of the one that holds the row.
    ///
    /// @throws IllegalArgumentException for a number that no row has
    int fragmentIndexOf(long rowNumber) {
        if (rowNumber < 0 || rowNumber >= rowCount()) {
            throw new IllegalArgumentException("row " + rowNumber + " of " + rowCount() + " rows");
        }
        int found = Arrays.binarySearch(firstRows, rowNumber);
        int index = found >= 0 ? found : -found - 2;
        // Fragments without live rows start where the next one starts.
        while (firstRows[index + 1] == rowNumber) {
            index++;
        }
        return index;
    }

    long firstRow(int fragmentIndex) {
        return firstRows[fragmentIndex];
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.file;

import dev.joust.format.UnsupportedFormatException;

/// Versions of the data file format. Footer and manifest number the older ones differently (spec: file format 1.1).
public enum FileVersion {
    V0_1("0.1", 0, 2, 0, 2),
    V2_0("2.0", 0, 3, 2, 0),
    V2_1("2.1", 2, 1, 2, 1),
    V2_2("2.2", 2, 2, 2, 2),
    V2_3("2.3", 2, 3, 2, 3);

    private final String label;
    private final int footerMajor;
    private final int footerMinor;
    private final int manifestMajor;
    private final int manifestMinor;

    FileVersion(String label, int footerMajor, int footerMinor, int manifestMajor, int manifestMinor) {
        this.label = label;
        this.footerMajor = footerMajor;
        this.footerMinor = footerMinor;
        this.manifestMajor = manifestMajor;
        this.manifestMinor = manifestMinor;
    }

    /// As people write it: `2.1`.
    public String label() {
        return label;
    }

    /// Major number in a file's footer.
    public int footerMajor() {
        return footerMajor;
    }

    /// Minor number in a file's footer.
    public int footerMinor() {
        return footerMinor;
    }

    /// Major number in a manifest's data file entry.
    public int manifestMajor() {
        return manifestMajor;
    }

    /// Minor number in a manifest's data file entry.
    public int manifestMinor() {
        return manifestMinor;
    }

    /// The version that a footer or a manifest names by these numbers; both may hold the other's older form.
    ///
    /// @throws UnsupportedFormatException for numbers that no version known here has
    public static FileVersion fromNumbers(int major, int minor) {
        if (major == 0 && minor <= 2) {
            return V0_1;
        }
        for (FileVersion version : values()) {
            boolean inFooter = version.footerMajor == major && version.footerMinor == minor;
            if (inFooter || (version.manifestMajor == major && version.manifestMinor == minor)) {
                return version;
            }
        }
        throw new UnsupportedFormatException("file version " + major + "." + minor + " is not known");
    }

    /// The version that people write so.
    public static FileVersion fromLabel(String label) {
        for (FileVersion version : values()) {
            if (version.label.equals(label)) {
                return version;
            }
        }
        throw new IllegalArgumentException("no file version '" + label + "'; there are 0.1, 2.0, 2.1, 2.2, 2.3");
    }

    @Override
    public String toString() {
        return label;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.joust.format.internal.table.evolve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.joust.format.batch.Batch;
import dev.joust.format.batch.BatchReader;
import dev.joust.format.batch.BufferSource;
import dev.joust.format.batch.BufferSources;
import dev.joust.format.batch.ColumnBuffers;
import dev.joust.format.commit.Operation;
import dev.joust.format.file.FileProjection;
import dev.joust.format.file.FileVersion;
import dev.joust.format.internal.blob.BlobFields;
import dev.joust.format.internal.table.Parallel;
import dev.joust.format.internal.table.ScanPlanner;
import dev.joust.format.internal.table.TableContext;
import dev.joust.format.schema.Field;
import dev.joust.format.schema.Schema;
import dev.joust.format.table.Bytes;
import dev.joust.format.table.ColumnAlteration;
import dev.joust.format.table.ColumnFunction;
import dev.joust.format.table.DataFile;
import dev.joust.format.table.Fragment;
import dev.joust.format.table.IndexMetadata;
import dev.joust.format.table.Manifest;
import dev.joust.format.table.StoredSchema;
import dev.joust.format.table.WriteOptions;

/// Renames, relaxes, tightens and casts columns, all in one version. Casts write a file per fragment, in which the cast
/// fields have new ids; the rest changes the schema alone (spec: table format 7). One per attempt.
public final class ColumnAlterations {
    private static final int MAX_FRAGMENTS_AT_ONCE = 8;

    private final TableContext table;
    private final Manifest manifest;
    private final FileVersion version;
    private final WriteOptions options;
    private final BufferSources memory;

    private Schema schema;
    private int nextId;
    private boolean tightens;
    /// Fields as they were, by the id that they get.
    private final Map<Integer, Field> castFields = new HashMap<>();

    public ColumnAlterations(
            TableContext table,
            Manifest manifest,
            FileVersion version,
            WriteOptions options,
            BufferSources memory) {
        this.table = table;
        this.manifest = manifest;
        this.version = version;
        this.options = options;
        this.memory = memory;
        this.schema = manifest.schema();
        this.nextId = manifest.maxFieldId() + 1;
    }

    /// The change. Reads what must hold no nulls, and writes what is cast.
    ///
    /// @throws IllegalArgumentException naming the column that can't be changed so
    public Operation of(List<ColumnAlteration> alterations) throws IOException {
        for (ColumnAlteration alteration : alterations) {
            alter(alteration);
        }
        checkNames(schema.fields(), "");
        if (!castFields.isEmpty() && tightens) {
            throw new IllegalArgumentException(
                    "columns can't be cast and made non-nullable at once: cast them first, then change the other");
        }
        StoredSchema after = manifest.storedSchema().withSchema(schema);
        if (castFields.isEmpty()) {
            return new Operation.Project(after, !tightens, Bytes.EMPTY);
        }
        checkNotIndexed();
        return new Operation.Merge(castFragments(), after, castPreservesNullability(), Bytes.EMPTY);
    }

    private void alter(ColumnAlteration alteration) throws IOException {
        FieldPath path = FieldPath.of(manifest.schema(), alteration.path());
        Field before = path.field();
        Boolean nullable = alteration.nullable();
        if (nullable != null && !nullable && before.nullable()) {
            checkWithoutNulls(path);
            tightens = true;
        }
        boolean nullableAfter = nullable == null ? before.nullable() : nullable;
        String name = alteration.newName() == null ? before.name() : alteration.newName();
        Field type = alteration.newType();
        Field after;
        if (type == null) {
            after = null;
        } else {
            checkCastable(path, type);
            // Of the metadata nothing is kept, as the reference does.
            after = withNewIds(new Field(-1, name, type.type(), nullableAfter, type.children(), Map.of()));
            castFields.put(after.id(), before);
        }
        schema = FieldPath.replace(schema, before.id(), FieldPath.Change.to(current -> after != null
                ? after
                : new Field(
                        current.id(), name, current.type(), nullableAfter, current.children(), current.metadata())));
    }

    private Field withNewIds(Field field) {
        int id = nextId++;
        List<Field> children = new ArrayList<>();
        for (Field child : field.children()) {
            children.add(withNewIds(child));
        }
        return field.withId(id).withChildren(children);
    }

    private static void checkNames(List<Field> fields, String path) {
        Set<String> names = new HashSet<>();
        for (Field field : fields) {
            if (!names.add(field.name())) {
                throw new IllegalArgumentException("two columns would be named '" + path + field.name() + "'");
            }
            if (path.isEmpty() && field.name().contains(".")) {
                throw new IllegalArgumentException("a column can't be named '" + field.name() + "', with a dot");
            }
            checkNames(field.children(), path + field.name() + ".");
        }
    }

    private void checkWithoutNulls(FieldPath path) throws IOException {
        Schema one = FieldPath.only(manifest.schema(), field -> field.id() == path.field().id());
        try (BatchReader rows = ScanPlanner.fieldsOf(table, manifest, manifest.fragments(), one.fields(), memory)) {
            for (Batch next = rows.next(); next != null; next = rows.next()) {
                try (Batch batch = next) {
                    if (NullCheck.hasNull(batch.columns().getFirst(), path.steps())) {
                        throw new IllegalArgumentException(
                                "column '" + path.name() + "' holds nulls and can't be made non-nullable");
                    }
                }
            }
        }
    }

    private void checkCastable(FieldPath path, Field type) {
        Field field = path.field();
        for (Field around : path.steps().subList(0, path.steps().size() - 1)) {
            if (FileProjection.isPacked(around) || BlobFields.isBlob(around)) {
                throw new IllegalArgumentException("'" + path.name() + "' is stored as one with the others in '"
                        + around.name() + "' and can't be cast alone");
            }
        }
        if (path.steps().size() > 1 && version == FileVersion.V2_0) {
            throw new IllegalArgumentException("'" + path.name() + "' is part of '"
                    + path.topLevel().name() + "' and can't be cast alone: the table's files are of version 2.0, "
                    + "and that needs 2.1");
        }
        if (BlobFields.isBlob(field) || !ColumnCast.isPossible(field, type)) {
            throw new IllegalArgumentException("column '" + path.name() + "' can't be cast from "
                    + ColumnCast.describe(field) + " to " + ColumnCast.describe(type));
        }
    }

    /// An index would be lost with the field's id, silently.
    private void checkNotIndexed() {
        for (Field before : castFields.values()) {
            Set<Integer> ids = new HashSet<>();
            new Schema(List.of(before), Map.of()).preOrder().forEach(field -> ids.add(field.id()));
            for (IndexMetadata index : manifest.indices()) {
                if (index.fieldIds().stream().anyMatch(ids::contains)) {
                    throw new IllegalArgumentException("column '" + before.name() + "' can't be cast, it has the index '"
                            + index.name() + "': drop that first, and make it anew after");
                }
            }
        }
    }

    /// Rows that somebody writes meanwhile lack the new fields: that does no harm if they may be null.
    private boolean castPreservesNullability() {
        for (Field column : schema.fields()) {
            List<Field> all = new Schema(List.of(column), Map.of()).preOrder();
            for (Field field : all) {
                if (castFields.containsKey(field.id()) && !(field.nullable() && column.nullable())) {
                    return false;
                }
            }
        }
        return true;
    }

    private List<Fragment> castFragments() throws IOException {
        Schema fileSchema = FieldPath.only(schema, field -> castFields.containsKey(field.id()));
        Set<Integer> oldIds = new HashSet<>();
        castFields.values().forEach(field -> oldIds.add(field.id()));
        Schema inputs = FieldPath.only(manifest.schema(), field -> oldIds.contains(field.id()));
        FragmentColumns columns = new FragmentColumns(table, manifest, version, options, fileSchema, memory);
        ColumnFunction cast = (batch, sources) -> cast(batch, fileSchema, sources);
        int atOnce = Math.min(MAX_FRAGMENTS_AT_ONCE, table.session().workerCount());
        Set<Integer> liveIds = new HashSet<>();
        schema.preOrder().forEach(field -> liveIds.add(field.id()));
        return Parallel.map(
                table.session(),
                manifest.fragments(),
                atOnce,
                fragment -> withCast(fragment, columns.write(fragment, inputs.fields(), cast), liveIds));
    }

    private static Batch cast(Batch batch, Schema target, BufferSources sources) {
        BufferSource memory = sources.open();
        try {
            List<ColumnBuffers> columns = new ArrayList<>();
            for (int i = 0; i < target.fields().size(); i++) {
                columns.add(ColumnCast.cast(batch.columns().get(i), target.fields().get(i), memory));
            }
            return new Batch(target, batch.rowCount(), columns, memory);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    /// A new file takes over what is around its fields where older files list that, too. Files of which nothing is used
    /// any more go.
    private static Fragment withCast(Fragment fragment, DataFile added, Set<Integer> liveIds) {
        List<DataFile> files = new ArrayList<>();
        for (DataFile file : fragment.files()) {
            List<Integer> ids = file.fieldIds().stream()
                    .map(id -> added.fieldIds().contains(id) ? Integer.valueOf(DataFile.TOMBSTONE) : id)
                    .toList();
            if (ids.stream().anyMatch(id -> liveIds.contains(id) || isHidden(id))) {
                files.add(file.withFieldIds(ids));
            }
        }
        files.add(added);
        return fragment.withFiles(files);
    }

    /// Row lineage, of which this may be the only copy.
    private static boolean isHidden(@Nullable Integer id) {
        return id != null && id < DataFile.TOMBSTONE;
    }
}

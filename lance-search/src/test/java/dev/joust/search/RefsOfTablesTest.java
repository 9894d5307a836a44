// SPDX-License-Identifier: Apache-2.0
package dev.joust.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.joust.Joust;
import dev.joust.format.refs.NoSuchRefException;
import dev.joust.format.refs.RefConflictException;

class RefsOfTablesTest {
    @TempDir
    private Path folder;

    private Database database;
    private Table table;

    record Row(long id, String name) {}

    @BeforeEach
    void create() {
        database = Joust.connect(folder.toString());
        table = database.createTable("t", List.of(new Row(1, "a"), new Row(2, "b")));
        table.add(List.of(new Row(3, "c")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void tagsNameVersionsThatAreViewedAndRestored() {
        table.createTag("now");
        table.createTag("first", 1);
        assertEquals(Set.of("first", "now"), table.tags().keySet());
        assertEquals(2, table.at("first").countRows());
        assertTrue(table.at("first").isReadOnly());
        assertEquals(3, table.restore("first"));
        assertEquals(2, table.countRows());
        assertEquals(4, table.restore(2));
        assertEquals(3, table.countRows());
        table.moveTag("first", 4);
        assertEquals(3, table.at("first").countRows());
        assertThrows(RefConflictException.class, () -> table.createTag("now"));
        table.deleteTag("now");
        assertThrows(NoSuchRefException.class, () -> table.at("now"));
        assertThrows(NoSuchTableException.class, () -> table.restore(77));
        assertThrows(NoSuchTableException.class, () -> table.at(77));
        assertThrows(IllegalArgumentException.class, () -> table.at(1).restore(1));
    }

    @Test
    void branchesGoTheirOwnWay() {
        Table branch = table.at(1).createBranch("try/it");
        assertEquals("try/it", branch.branch());
        branch.add(List.of(new Row(10, "x"), new Row(11, "y")));
        assertEquals(4, branch.countRows());
        assertEquals(3, table.refresh().countRows());
        assertEquals("main", table.branch());
        branch.delete("id = 1");
        assertEquals(3, table.branch("try/it").countRows());
        branch.createTag("there");
        assertEquals(3, table.at("there").countRows());
        assertThrows(IllegalArgumentException.class, () -> table.restore("there"));
        assertThrows(RefConflictException.class, () -> table.deleteBranch("try/it"));
        assertEquals(2, branch.at(1).countRows());
        branch.restore(2);
        assertEquals(4, branch.refresh().countRows());
        table.deleteTag("there");
        table.deleteBranch("try/it");
        assertTrue(table.branches().isEmpty());
        assertThrows(NoSuchRefException.class, () -> table.branch("try/it"));
    }

    @Test
    void clonesAreTablesOfTheirOwn() {
        Table shallow = database.shallowClone(table.at(1), "shallow");
        shallow.add(List.of(new Row(20, "z")));
        assertEquals(3, database.openTable("shallow").countRows());
        Table deep = database.deepClone(shallow, "deep");
        database.dropTable("t");
        database.dropTable("shallow");
        assertEquals(3, deep.query().toMaps().size());
        assertThrows(TableExistsException.class, () -> database.shallowClone(deep, "deep"));
    }

    @Test
    void conditionsMayNameWhatEveryRowHas() {
        table.delete("id = 1");
        table.add(List.of(new Row(4, "d")));
        assertEquals(1, table.countRows("_rowoffset = 1 AND id = 3"));
        assertEquals(2, table.countRows("_rowaddr > 1"));
        assertEquals(List.of("d"), names("_rowid >= 8589934592"));
        assertEquals(List.of("c", "d"), names("_rowoffset > 0"));
        assertEquals(3, table.countRows("_row_created_at_version = 1"));
        table.delete("_rowoffset = 0");
        assertEquals(List.of("c", "d"), names("_rowoffset >= 0"));
    }

    private List<Object> names(String condition) {
        return table.query().where(condition).toMaps().stream()
                .map(row -> (Object) String.valueOf(row.get("name")))
                .toList();
    }
}

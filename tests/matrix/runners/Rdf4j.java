import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.rdf4j.query.BooleanQuery;
import org.eclipse.rdf4j.query.GraphQuery;
import org.eclipse.rdf4j.query.Query;
import org.eclipse.rdf4j.query.TupleQuery;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLBooleanJSONWriter;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLResultsJSONWriter;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sail.SailRepository;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.ntriples.NTriplesWriter;
import org.eclipse.rdf4j.sail.memory.MemoryStore;

/**
 * Answers each query NAME.rq of the folders named, over the folder's data.nt, with RDF4J in memory: NAME.json for rows
 * and truth values, NAME.nt for triples, NAME.error where it fails; times.tsv has milliseconds, version.txt the version.
 */
public class Rdf4j {
    public static void main(String[] folders) throws Exception {
        for (String name : folders) {
            Path folder = Path.of(name);
            Files.writeString(folder.resolve("version.txt"), String.valueOf(MemoryStore.class.getPackage().getImplementationVersion()));
            SailRepository repository = new SailRepository(new MemoryStore());
            StringBuilder times = new StringBuilder();
            try (RepositoryConnection data = repository.getConnection()) {
                data.add(folder.resolve("data.nt").toFile(), RDFFormat.NTRIPLES);
                List<Path> queries;
                try (Stream<Path> files = Files.list(folder)) {
                    queries = files.filter(file -> file.toString().endsWith(".rq")).sorted().toList();
                }
                for (Path file : queries) {
                    String stem = file.getFileName().toString().replaceFirst("\\.rq$", "");
                    long start = System.nanoTime();
                    try {
                        answer(data, Files.readString(file), folder, stem);
                    } catch (Exception | StackOverflowError error) {
                        Files.writeString(folder.resolve(stem + ".error"), error.toString());
                    }
                    times.append(stem).append('\t').append((System.nanoTime() - start) / 1_000_000).append('\n');
                }
            }
            Files.writeString(folder.resolve("times.tsv"), times);
            repository.shutDown();
        }
    }

    private static void answer(RepositoryConnection data, String text, Path folder, String stem) throws Exception {
        Query query = data.prepareQuery(text);
        query.setMaxExecutionTime(300);
        Path target = folder.resolve(stem + (query instanceof GraphQuery ? ".nt" : ".json"));
        try (OutputStream out = Files.newOutputStream(target)) {
            if (query instanceof TupleQuery rows) {
                rows.evaluate(new SPARQLResultsJSONWriter(out));
            } else if (query instanceof BooleanQuery truth) {
                new SPARQLBooleanJSONWriter(out).handleBoolean(truth.evaluate());
            } else {
                ((GraphQuery) query).evaluate(new NTriplesWriter(out));
            }
        } catch (Exception | StackOverflowError error) {
            Files.deleteIfExists(target);
            throw error;
        }
    }
}

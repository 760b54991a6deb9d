import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.jena.query.ARQ;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.DatasetFactory;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.riot.Lang;
import org.apache.jena.riot.RDFDataMgr;

/**
 * Answers each query NAME.rq of the folders named, over the folder's data.nt, with Apache Jena ARQ: NAME.json for rows
 * and truth values, NAME.nt for triples, NAME.error where it fails; times.tsv has milliseconds, version.txt the version.
 * -Dpatience=MILLISECONDS is how long a query may take.
 */
public class Jena {
    private static final long PATIENCE = Long.getLong("patience", Long.MAX_VALUE);

    public static void main(String[] folders) throws Exception {
        for (String name : folders) {
            Path folder = Path.of(name);
            Files.writeString(folder.resolve("version.txt"), ARQ.VERSION);
            Dataset data = DatasetFactory.createTxnMem();
            RDFDataMgr.read(data, folder.resolve("data.nt").toUri().toString());
            List<Path> queries;
            try (Stream<Path> files = Files.list(folder)) {
                queries = files.filter(file -> file.toString().endsWith(".rq")).sorted().toList();
            }
            StringBuilder times = new StringBuilder();
            for (Path file : queries) {
                String stem = file.getFileName().toString().replaceFirst("\\.rq$", "");
                long start = System.nanoTime();
                data.begin(org.apache.jena.query.ReadWrite.READ);
                try {
                    answer(data, Files.readString(file), folder, stem);
                } catch (Exception | StackOverflowError | OutOfMemoryError error) {
                    Files.writeString(folder.resolve(stem + ".error"), error.toString());
                } finally {
                    data.end();
                }
                times.append(stem).append('\t').append((System.nanoTime() - start) / 1_000_000).append('\n');
            }
            Files.writeString(folder.resolve("times.tsv"), times);
        }
    }

    private static void answer(Dataset data, String text, Path folder, String stem) throws Exception {
        Query query = QueryFactory.create(text);
        boolean graph = query.isConstructType() || query.isDescribeType();
        Path target = folder.resolve(stem + (graph ? ".nt" : ".json"));
        try (QueryExecution execution = QueryExecution.dataset(data).query(query).timeout(PATIENCE, TimeUnit.MILLISECONDS).build();
                OutputStream out = Files.newOutputStream(target)) {
            if (query.isSelectType()) {
                ResultSetFormatter.outputAsJSON(out, execution.execSelect());
            } else if (query.isAskType()) {
                ResultSetFormatter.outputAsJSON(out, execution.execAsk());
            } else {
                RDFDataMgr.write(out, query.isDescribeType() ? execution.execDescribe() : execution.execConstruct(), Lang.NTRIPLES);
            }
        } catch (Exception | StackOverflowError | OutOfMemoryError error) {
            Files.deleteIfExists(target);
            throw error;
        }
    }
}

<?php get_header(); ?>
<?php while ( have_posts() ) : the_post(); ?>
	<nav><ol>
	<?php foreach ( array_reverse( get_post_ancestors( $post ) ) as $above ) : ?>
		<li><a href="<?php echo esc_url( get_permalink( $above ) ); ?>"><?php echo esc_html( get_the_title( $above ) ); ?></a></li>
	<?php endforeach; ?>
	</ol></nav>
	<article <?php post_class(); ?>>
		<h1><?php the_title(); ?></h1>
		<?php if ( has_excerpt() ) { the_excerpt(); } ?>
		<p><?php echo get_the_date(); ?></p>
		<?php the_content(); ?>
	</article>
	<?php if ( have_comments() || get_comments_number() ) { comments_template(); } ?>
<?php endwhile; ?>
<?php get_footer(); ?>

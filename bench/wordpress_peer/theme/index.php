<?php get_header(); ?>
<?php if ( is_home() ) : ?>
	<h1><?php bloginfo( 'name' ); ?></h1>
	<?php echo wp_kses_post( wpautop( get_option( 'peer_introduction' ) ) ); ?>
	<section><h2>Chapters</h2><ol>
	<?php foreach ( get_pages( array( 'parent' => 0, 'sort_column' => 'menu_order' ) ) as $page ) : ?>
		<li><a href="<?php echo esc_url( get_permalink( $page ) ); ?>"><?php echo esc_html( $page->post_title ); ?></a> <?php echo esc_html( $page->post_excerpt ); ?></li>
	<?php endforeach; ?>
	</ol></section>
<?php endif; ?>
<?php while ( have_posts() ) : the_post(); ?>
	<article>
		<h2><a href="<?php the_permalink(); ?>"><?php the_title(); ?></a></h2>
		<p><?php echo get_the_date(); ?></p>
		<?php the_excerpt(); ?>
	</article>
<?php endwhile; ?>
<?php if ( is_home() ) : ?>
	<section><h2>Comments</h2>
	<?php foreach ( get_comments( array( 'number' => 5, 'status' => 'approve' ) ) as $each ) : ?>
		<p><b><?php echo esc_html( $each->comment_author ); ?></b> <a href="<?php echo esc_url( get_comment_link( $each ) ); ?>"><?php echo esc_html( get_the_title( $each->comment_post_ID ) ); ?></a>: <?php echo esc_html( get_comment_excerpt( $each ) ); ?></p>
	<?php endforeach; ?>
	</section>
<?php endif; ?>
<?php the_posts_pagination(); ?>
<?php get_footer(); ?>
